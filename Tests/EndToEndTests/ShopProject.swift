import AssetTestSupport

/// A small project with each kind of asset: two seeds, two tables, a view and a file.
///
/// ```
/// orders -> paid -> per_customer -> best
///        customers ↗            ↘ report
/// ```
enum ShopProject {
  static func new(_ more: [String: String] = [:]) throws -> TemporaryProject {
    try TemporaryProject(files.merging(more) { _, new in new })
  }

  /// The project after a first run, which its asserted to have gone well.
  static func materialized(_ more: [String: String] = [:]) async throws -> TemporaryProject {
    let project = try new(more)
    let run = try await project.assetctl("materialize")
    guard run.exitCode == 0 else { throw TestProblem(run.output + run.errors) }
    return project
  }

  static let assets = ["best", "customers", "orders", "paid", "per_customer", "report"]

  static let files = [
    "assetctl.yml": """
    project: shop
    vars: {min_amount: 10}
    targets:
      prod: {warehouse: "sqlite:.assetctl/prod.sqlite", vars: {min_amount: 30}}

    """,
    "assets/raw/orders.csv": """
    id,customer,amount
    1,1,25
    2,1,5
    3,2,40
    4,3,12

    """,
    "assets/raw/customers.csv": """
    id,name
    1,Ada
    2,Grace
    3,Edsger

    """,
    "assets/staging/paid.sql": """
    /* @asset
    description: Orders that are worth counting.
    tags: [daily]
    */
    select id, customer, amount from orders where amount >= :min_amount

    """,
    "assets/marts/per_customer.sql": """
    /* @asset
    description: What each customer paid.
    owner: ops@example.com
    tags: [daily, report]
    columns:
      name: {type: text, description: the customer}
      total: integer
    indexes: [[name]]
    */
    select customers.name, sum(paid.amount) as total
    from paid join customers on customers.id = paid.customer
    group by customers.name

    """,
    "assets/marts/best.sql": """
    /* @asset
    materialized: view
    */
    select name from per_customer where total = (select max(total) from per_customer)

    """,
    "assets/reports/report.sh": """
    # @asset
    # kind: file
    # tags: [report]
    # inputs:
    #   per_customer: {columns: [name, total], format: csv}
    # outputs: [build/report.txt]

    echo "reporting on $ASSETCTL_ASSET"
    tail -n +2 "$ASSETCTL_INPUT_PER_CUSTOMER" > "$ASSETCTL_OUTPUT"

    """,
  ]
}
