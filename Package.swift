// swift-tools-version: 6.3
import PackageDescription

// What each target may import is its row in `Tests/LayeringTests`; docs/concepts.md has the picture.

/// The settings that every target of this package shares.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let ordered = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(
  name: "SystemPackage", package: "swift-system", condition: .when(platforms: [.linux]))

func part(
  _ name: String, _ dependencies: [Target.Dependency], plugins: [Target.PluginUsage] = []
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings, plugins: plugins)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: ["AssetTestSupport"] + dependencies, swiftSettings: settings)
}

let package = Package(
  name: "assetctl",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "assetctl", targets: ["assetctl"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    part("AssetCore", [crypto, heap, ordered]),
    part("AssetSQL", ["AssetCore"]),
    part("AssetLoading", ["AssetCore", "AssetSQL", "Yams"]),
    part("AssetState", ["AssetCore", grdb]),
    part("AssetWarehouse", ["AssetCore"]),
    part("AssetWarehouseSQLite", ["AssetCore", "AssetWarehouse", sqlite]),
    .target(name: "CSandbox"),
    .target(name: "CArguments"),
    part(
      "AssetExecution",
      [
        "AssetCore", "AssetWarehouse", heap, subprocess, system,
        .target(name: "CSandbox", condition: .when(platforms: [.linux])),
      ]),
    part(
      "AssetOperations",
      [
        "AssetCore", "AssetSQL", "AssetLoading", "AssetState", "AssetWarehouse",
        "AssetWarehouseSQLite", "AssetExecution", logging,
      ], plugins: ["EmbedTemplates"]),
    .plugin(
      name: "EmbedTemplates", capability: .buildTool(), dependencies: ["TemplateEmbedder"]),
    .executableTarget(name: "TemplateEmbedder", path: "Plugins/TemplateEmbedder"),
    part("AssetRendering", ["AssetCore"]),
    part(
      "AssetCLI",
      [
        "AssetCore", "AssetOperations", "AssetRendering", logging,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "assetctl",
      dependencies: [
        "AssetCLI", .target(name: "CArguments", condition: .when(platforms: [.linux])),
      ], swiftSettings: settings),
    .executableTarget(
      name: "ReadQueries", dependencies: ["AssetCore", "AssetSQL"], path: "Benchmarks/ReadQueries",
      swiftSettings: settings),
    .target(
      name: "AssetTestSupport", dependencies: ["AssetCore", "AssetWarehouse", "AssetExecution"],
      path: "Tests/AssetTestSupport", swiftSettings: settings),
    tests("AssetCoreTests", ["AssetCore"]),
    tests("AssetSQLTests", ["AssetCore", "AssetSQL"]),
    tests("AssetLoadingTests", ["AssetCore", "AssetLoading"]),
    tests("AssetStateTests", ["AssetCore", "AssetState", grdb]),
    tests(
      "AssetWarehouseSQLiteTests",
      ["AssetCore", "AssetWarehouse", "AssetWarehouseSQLite", sqlite]),
    tests("AssetExecutionTests", ["AssetCore", "AssetWarehouse", "AssetExecution"]),
    tests("AssetRenderingTests", ["AssetCore", "AssetRendering"]),
    tests(
      "SoundnessTests",
      ["AssetCore", "AssetSQL", "AssetWarehouse", "AssetWarehouseSQLite", sqlite]),
    tests("LayeringTests", []),
    tests("EndToEndTests", ["assetctl"]),
  ]
)
