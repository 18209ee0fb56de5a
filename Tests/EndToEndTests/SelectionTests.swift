import AssetTestSupport
import Testing

/// All of dbt's forms, through `list`, on a small project.
///
/// ```
/// orders -> paid -> per_customer -> best
///        customers ↗            ↘ report
/// ```
@Suite struct SelectionTests {
  @Test(
    arguments: [
      ("paid", "paid"),
      ("PAID", "paid"),
      ("+paid", "orders paid"),
      ("paid+", "best paid per_customer report"),
      ("+paid+", "best orders paid per_customer report"),
      ("1+per_customer", "customers paid per_customer"),
      ("2+best", "best customers paid per_customer"),
      ("paid+1", "paid per_customer"),
      ("1+paid+1", "orders paid per_customer"),
      ("0+paid", "paid"),
      ("@paid", "best customers orders paid per_customer report"),
      ("@best", "best customers orders paid per_customer"),
      ("p*", "paid per_customer"),
      ("*", "best customers orders paid per_customer report"),
      ("?????", ""),
      ("????", "best paid"),
      ("tag:daily", "paid per_customer"),
      ("tag:d*", "paid per_customer"),
      ("+tag:report", "customers orders paid per_customer report"),
      ("group:marts", "best per_customer"),
      ("group:raw+1", "customers orders paid per_customer"),
      ("kind:table", "customers orders paid per_customer best"),
      ("kind:seed", "customers orders"),
      ("kind:view", "best"),
      ("kind:file", "report"),
      ("path:assets/marts", "best per_customer"),
      ("path:assets/marts/", "best per_customer"),
      ("path:assets/raw/orders.csv", "orders"),
      ("path:assets/*/p*.sql", "paid per_customer"),
      ("status:stale", "best customers orders paid per_customer report"),
      ("tag:daily,tag:report", "per_customer"),
      ("+best,kind:seed", "customers orders"),
      ("paid,kind:seed", ""),
      ("col:orders.amount", "orders"),
      ("col:orders.amount+", "best orders paid per_customer report"),
      ("col:customers.name+1", "customers per_customer"),
      ("+col:best.name", "best customers orders paid per_customer"),
      ("1+col:paid.customer", "orders paid"),
    ])
  func `a word selects`(word: String, expected: String) async throws {
    let project = try ShopProject.new()

    let list = try await project.assetctl("list", word, "--format", "json")

    let names = expected.split(separator: " ").map(String.init).sorted()
    if names.isEmpty, word == "?????" {
      #expect(list.exitCode == 64)
    } else {
      #expect(try list.json["assets"].elements.map(\.["asset"].text).sorted() == names)
    }
  }

  @Test func `words are a union, and inputs come before readers`() async throws {
    let project = try ShopProject.new()

    let list = try await project.assetctl("list", "tag:report", "orders", "--format", "json")

    #expect(
      try list.json["assets"].elements.map(\.["asset"]) == ["orders", "per_customer", "report"])
  }

  @Test func `statuses select after a change`() async throws {
    let project = try await ShopProject.materialized()

    try project.edit("assets/staging/paid.sql", ">= :min_amount", to: "> :min_amount")

    let waiting = try await project.assetctl("list", "status:waiting", "--format", "json")
    #expect(
      try waiting.json["assets"].elements.map(\.["asset"]) == ["per_customer", "best", "report"])
    let stale = try await project.assetctl("list", "status:stale", "--format", "json")
    #expect(try stale.json["assets"].elements.map(\.["asset"]) == ["paid"])
    let failed = try await project.assetctl("list", "status:failed", "--format", "json")
    #expect(failed.exitCode == 0)
    #expect(try failed.json["assets"] == [])
  }

  @Test func `sources select with what reads them`() async throws {
    let project = try ShopProject.new([
      "assets/raw/sources.yml": "sources:\n  - name: events\n",
      "assets/marts/visits.sql": "select count(*) as visits from events",
    ])

    let list = try await project.assetctl("list", "source:events+", "--format", "json")

    #expect(try list.json["assets"].elements.map(\.["asset"]) == ["events", "visits"])
    #expect(try list.json["assets"][0]["kind"] == "source")
  }

  @Test(
    arguments: [
      (
        "ordres",
        """
        error: the selection `ordres` names no asset

        hint: did you mean `orders`?

        """
      ),
      (
        "tag:weekly",
        """
        error: the selection `tag:weekly` names no asset

        hint: see all assets with `assetctl list`

        """
      ),
      (
        "tagg:daily",
        """
        error: `tagg:` selects nothing that assets have

        hint: did you mean `tag:`?

        """
      ),
      (
        "kind:tabel",
        """
        error: `tabel` is no kind

        hint: use one of `file`, `incremental`, `model`, `seed`, `snapshot`, `source`, `table`, `view`

        """
      ),
      (
        "paid+x",
        """
        error: the selection `paid+x` cannot be read: a `+` is followed by a number or by nothing

        hint: write it like `daily`, `+daily`, `2+daily+1`, `@daily` or `tag:nightly`

        """
      ),
      (
        "paid,",
        """
        error: the selection `paid,` cannot be read: it names no asset

        hint: write it like `daily`, `+daily`, `2+daily+1`, `@daily` or `tag:nightly`

        """
      ),
      (
        "col:best.nmae",
        """
        error: `best` has no column `nmae`

        hint: did you mean `col:best.name`?

        """
      ),
      (
        "col:bst.name+",
        """
        error: the selection `col:bst.name+` names no asset

        hint: did you mean `col:best.name`?

        """
      ),
      (
        "col:best",
        """
        error: the selection `col:best` cannot be read: it names no column, as in `col:orders.total`

        hint: write it like `daily`, `+daily`, `2+daily+1`, `@daily` or `tag:nightly`

        """
      ),
    ])
  func `a selection that names nothing is a mistake`(word: String, errors: String) async throws {
    let project = try ShopProject.new()

    for command in ["list", "status", "plan", "materialize"] {
      let result = try await project.assetctl(command, word)
      #expect(result == CommandResult(exitCode: 64, errors: errors))
    }
    #expect(!project.exists(".assetctl/warehouse.sqlite"))
  }
}
