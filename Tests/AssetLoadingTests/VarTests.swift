import AssetCore
import AssetLoading
import AssetTestSupport
import Testing

@Suite struct VarTests {
  private func sql(
    vars: String, _ query: String, _ request: LoadRequest = LoadRequest()
  ) throws -> String {
    let files = ["assetctl.yml": "project: shop\nvars:\n  v: \(vars)\n", "assets/a.sql": query]
    guard case .query(let recipe) = try loadAsset(files, nil, request).recipe else { return "" }
    return recipe.sql
  }

  @Test(
    arguments: [
      ("100", "100"), ("-5", "-5"), ("1.5", "1.5"), ("1e3", "1000.0"), ("true", "1"),
      ("False", "0"), ("null", "null"), ("~", "null"), ("", "null"), ("text", "'text'"),
      ("yes", "'yes'"), ("'100'", "'100'"), ("\"true\"", "'true'"), ("0123", "'0123'"),
      ("it's", "'it''s'"), ("2013-01-01", "'2013-01-01'"), ("0x10", "'0x10'"),
      (".inf", "'.inf'"), ("nan", "'nan'"), ("1_000", "'1_000'"),
      ("9223372036854775807", "9223372036854775807"), ("''", "''"),
      ("31415926535897932384", "'31415926535897932384'"),
      ("-9223372036854775809", "'-9223372036854775809'"),
      ("1e400", "'1e400'"), ("0.1234567890123456789", "'0.1234567890123456789'"), ("0.10", "0.1"),
      ("'; drop table x; --'", "'; drop table x; --'"),
    ])
  func `a var is typed as YAML's core schema does, and becomes a literal`(
    written: String, literal: String
  ) throws {
    #expect(try sql(vars: written, "select :v") == "select \(literal)")
  }

  @Test func `only names of parameters are filled in`() throws {
    #expect(
      try sql(vars: "1", "select ':v', a -- :v\nfrom b where c = :v and d = :v")
        == "select ':v', a -- :v\nfrom b where c = 1 and d = 1")
  }

  @Test func `the command line overrides, and so does a target`() throws {
    let files = [
      "assetctl.yml": """
      project: shop
      vars: {a: 1, b: 1, c: 1}
      targets: {prod: {vars: {b: 2, c: 2}}, other: {vars: {a: 9}}}
      """,
      "assets/q.sql": "select :a, :b, :c",
    ]

    let asset = try loadAsset(files, "q", LoadRequest(target: "prod", vars: ["c": "3"]))

    #expect(
      asset.recipe
        == .query(
          QueryRecipe(
            form: .table, sql: "select 1, 2, 3", text: "select :a, :b, :c",
            vars: ["a": .integer(1), "b": .integer(2), "c": .integer(3)])))
  }

  @Test func `variables of the environment are filled in`() throws {
    let request = LoadRequest(environment: ["HOME": "/home/me", "N": "5"])

    #expect(
      try sql(vars: "\"${HOME}/x $N ${N}\"", "select :v", request) == "select '/home/me/x $N 5'")
    #expect(try sql(vars: "${N}", "select :v", request) == "select 5")
  }
}
