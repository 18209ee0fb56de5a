import AssetTestSupport
import Testing

/// What each command says to a person.
@Suite struct CommandTextTests {
  @Test func `list is a table of the assets`() async throws {
    let project = try ShopProject.new()

    let list = try await project.assetctl("list")

    #expect(
      list
        == CommandResult(
          exitCode: 0,
          output: """
            ASSET  KIND  GROUP  TAGS  DESCRIPTION
            customers  seed  raw
            orders  seed  raw
            paid  table  staging  daily  Orders that are worth counting.
            per_customer  table  marts  daily, report  What each customer paid.
            best  view  marts
            report  file  reports  report

            """))
  }

  @Test func `a plan tells what a run would do, and does nothing`() async throws {
    let project = try await ShopProject.materialized()
    try project.edit("assets/staging/paid.sql", ">= :min_amount", to: "> :min_amount")

    let plan = try await project.assetctl("plan")

    #expect(
      plan
        == CommandResult(
          exitCode: 0,
          output: """
            materialize  paid  its definition changed
            if changed  per_customer  waits for `paid`
            if changed  best  waits for `per_customer`
            if changed  report  waits for `per_customer`

            1 to materialize, 3 decided once their inputs are done, 2 fresh

            """))
    #expect(try await project.assetctl("materialize", "--dry-run") == plan)
    #expect(
      try await project.assetctl("plan", "orders").output == "nothing to do: the asset is fresh\n")
  }

  @Test func `a run has a line for each asset that is done`() async throws {
    let project = try ShopProject.new()

    let run = try await project.assetctl("materialize", "+per_customer", "-j", "1")

    #expect(
      run
        == CommandResult(
          exitCode: 0,
          output: """
            materialized  orders  4 rows  <duration>
            materialized  customers  3 rows  <duration>
            materialized  paid  3 rows  <duration>
            materialized  per_customer  3 rows  <duration>

            4 materialized in <duration>

            """))
  }

  @Test func `a verbose status tells what each asset consumes`() async throws {
    let project = try await ShopProject.materialized()

    let status = try await project.assetctl("status", "-v", "orders", "paid", "report")

    #expect(
      status.output == """
        fresh  orders
          last materialized: <time>, 4 rows
          consumes:  `assets/raw/orders.csv`
        fresh  paid
          last materialized: <time>, 3 rows
          consumes:  `orders`: amount, customer, id
        fresh  report
          last materialized: <time>
          consumes:  `per_customer`: name, total

        all 3 assets are fresh

        """)
  }

  @Test func `show tells all that is known of a table`() async throws {
    let project = try await ShopProject.materialized()

    let show = try await project.assetctl("show", "per_customer")

    #expect(
      show.output == """
        per_customer
          kind:  table
          declared in: assets/marts/per_customer.sql
          description: What each customer paid.
          owner:  ops@example.com
          group:  marts
          tags:  daily, report
          readers:  best, report
          status:  fresh

        inputs
          paid  amount, customer
          customers  id, name

        query
          select customers.name, sum(paid.amount) as total
          from paid join customers on customers.id = paid.customer
          group by customers.name

        columns
          name  text  the customer
          total  integer

        materializations
          <time>  3 rows  <duration>  <digest>  <run>

        """)
  }

  @Test func `show tells how a file is made`() async throws {
    let project = try ShopProject.new()

    let show = try await project.assetctl("show", "report")

    #expect(
      show.output == """
        report
          kind:  file
          declared in: assets/reports/report.sh
          group:  reports
          tags:  report
          runs:  bash assets/reports/report.sh
          outputs:  build/report.txt
          status:  stale: never materialized

        inputs
          per_customer  name, total

        """)
  }

  @Test func `preview shows rows and says when there are more`() async throws {
    let project = try await ShopProject.materialized()

    #expect(
      try await project.assetctl("preview", "per_customer", "-n", "2").output == """
        name  total
        Ada  25
        Edsger  12
        (there are more rows; see them with `-n`)

        """)
    #expect(
      try await project.assetctl("preview", "report")
        == CommandResult(
          exitCode: 64,
          errors: """
            error: `report` is not a table

            hint: it is the file `build/report.txt`

            """))
  }

  @Test func `preview shows null, and escapes what could steer a terminal`() async throws {
    let project = try await ShopProject.materialized([
      "assets/odd.sql":
        #"select 1 as id, null as empty, 'a' || char(27) || '[2J' as text, x'00ff' as raw"#
    ])

    #expect(
      try await project.assetctl("preview", "odd").output == #"""
        id  empty  text  raw
         1  ∅  a\u{1b}[2J  x'00ff'

        """#)
  }

  @Test func `runs lists the newest first`() async throws {
    let project = try await ShopProject.materialized()
    try await project.assetctl("materialize", "paid", "--force")

    #expect(
      try await project.assetctl("runs").output == """
        RUN  OUTCOME  STARTED  TOOK  ASSETS  COMMAND
        <run>  succeeded  <time>  <duration>  1 unchanged  materialize paid --force
        <run>  succeeded  <time>  <duration>  6 materialized  materialize

        """)
  }

  @Test func `before the first run there is nothing to show`() async throws {
    let project = try ShopProject.new()

    #expect(try await project.assetctl("runs").output == "nothing was materialized yet\n")
    #expect(
      try await project.assetctl("logs", "last")
        == CommandResult(
          exitCode: 64,
          errors: """
            error: there is no run `last`

            hint: see all runs with `assetctl runs`

            """))
    #expect(
      try await project.assetctl("preview", "paid")
        == CommandResult(
          exitCode: 2,
          errors: """
            error: there is no table `paid` in the warehouse

            hint: make it with `assetctl materialize paid`

            """))
    #expect(!project.exists(".assetctl"))
  }

  @Test func `logs shows what a program wrote`() async throws {
    let project = try await ShopProject.materialized()

    #expect(
      try await project.assetctl("logs", "last").output == """
        ==> report <==
        reporting on report

        """)
    #expect(
      try await project.assetctl("logs", "last", "report").output == "reporting on report\n")
    #expect(
      try await project.assetctl("logs", "last", "paid")
        == CommandResult(
          exitCode: 64,
          errors: """
            error: the run `<run>` has no log of `paid`

            hint: only assets that are made by programs have logs

            """))
  }
}
