import AssetTestSupport
import Testing

/// `assetctl test --generate`: tests from real rows.
@Suite struct GenerateTestTests {
  @Test func `a generated test has the few rows that matter, and passes`() async throws {
    let project = try await ShopProject.materialized()

    let result = try await project.assetctl("test", "--generate", "per_customer", "--rows", "2")

    #expect(result.exitCode == 0)
    #expect(
      result.output == """
        wrote the test `per_customer on real rows` to tests/per_customer.yml: \
        given 2 rows of `customers` and 2 rows of `paid`, `per_customer` has 2 rows

        """)
    let text = try project.read("tests/per_customer.yml")
    #expect(
      text.hasPrefix("tests:\n  - name: per_customer on real rows\n    asset: per_customer\n"))
    #expect(text.contains("Ada") && text.contains("Grace") && !text.contains("Edsger"))
    #expect(try await project.assetctl("test").exitCode == 0)

    // It holds without the tables, and is about the query.
    try project.remove(".assetctl")
    #expect(try await project.assetctl("test").exitCode == 0)
    try project.edit("assets/staging/paid.sql", "amount >=", to: "amount <")
    #expect(try await project.assetctl("test").exitCode == 0)
  }

  @Test func `a second one goes into the same file, under another name`() async throws {
    let project = try await ShopProject.materialized()
    try project.write(
      "tests/paid.yml",
      """
      # Ours.
      tests:
      - name: by hand   # first
        asset: paid
        given: {orders: []}
        expect: []
      """)
    let before = try project.read("tests/paid.yml")

    try await project.assetctl("test", "--generate", "paid", "--rows", "1")
    let again = try await project.assetctl("test", "--generate", "paid")
    try await project.assetctl("test", "--generate", "paid", "--name", "two: of \"them\"")

    #expect(again.exitCode == 64)
    #expect(
      again.errors == """
        tests/paid.yml:8:3: error: there is already a test `paid on real rows`

        hint: give the new one another name with `--name`

        """)
    #expect(
      try project.read("tests/paid.yml").hasPrefix(before + "\n\n- name: paid on real rows\n"))
    #expect(
      try await project.assetctl("test", "--format", "json").json["tests"].elements
        .map { $0["test"].text } == ["by hand", "paid on real rows", "two: of \"them\""])
    #expect(try await project.assetctl("test").exitCode == 0)
  }

  @Test func `a file that is written otherwise is left alone`() async throws {
    let project = try await ShopProject.materialized()
    let text = "tests: [{name: a, asset: paid, given: {orders: []}, expect: []}]\n"
    try project.write("tests/paid.yml", text)

    let result = try await project.assetctl("test", "--generate", "paid")

    #expect(result.output.contains("to tests/paid_2.yml"))
    #expect(try project.read("tests/paid.yml") == text)
    #expect(try await project.assetctl("test").exitCode == 0)
  }

  @Test func `each input that matters keeps rows, also where a join could do without`() async throws
  {
    let project = try await ShopProject.materialized([
      "assets/bonus.csv": "customer,amount\n2,9\n",
      "assets/with_bonus.sql": """
      select customers.id, coalesce(bonus.amount, 0) as bonus, x'00ff' as flag
      from customers left join bonus on bonus.customer = customers.id
      """,
    ])

    let result = try await project.assetctl("test", "--generate", "with_bonus", "--rows", "1")

    #expect(
      result.output.contains("given 1 row of `bonus` and 1 row of `customers`"), "\(result)")
    #expect(try project.read("tests/with_bonus.yml").contains("bonus: 9"))
    #expect(try await project.assetctl("test").exitCode == 0)
  }

  @Test func `what differs each time is left out, and told`() async throws {
    let project = try await ShopProject.materialized([
      "assets/drawn.sql": "/* @asset\nvolatile: never\n*/\nselect id, random() as r from orders"
    ])

    let result = try await project.assetctl("test", "--generate", "drawn")

    #expect(result.output.contains("`r` left out of `expect:`"))
    #expect(!(try project.read("tests/drawn.yml").contains("r:  ")))
    #expect(try await project.assetctl("test").exitCode == 0)
  }

  @Test func `what cannot be generated is told`() async throws {
    let project = try ShopProject.new()

    let early = try await project.assetctl("test", "--generate", "paid")
    #expect(early.exitCode == 2)
    #expect(
      early.errors == """
        error: `orders` is not materialized

        hint: tests are generated from published rows; materialize it with `assetctl materialize orders`

        """)
    #expect(try await project.assetctl("test", "--generate", "orders").exitCode == 64)
    #expect(try await project.assetctl("test", "--generate", "nosuch").exitCode == 64)
    #expect(try await project.assetctl("test", "paid", "--generate", "paid").exitCode == 64)
    #expect(try await project.assetctl("test", "--generate", "paid", "--rows", "0").exitCode == 64)
    #expect(!project.exists("tests"))
  }

  @Test func `sensitive values are made up, also where a query passed them on`() async throws {
    let project = try ShopProject.new([
      "assets/people.csv": "id,email,city\n1,ada@x.org,London\n2,bob@x.org,Paris\n",
      "assets/people.yml": """
      assets:
        - name: people
          file: assets/people.csv
          columns: {email: {type: text, sensitive: true}}
      """,
      "assets/logins.csv": "who,n\nada@x.org,3\nbob@x.org,4\n",
      "assets/logins.yml": """
      assets:
        - name: logins
          file: assets/logins.csv
          columns: {who: {type: text, sensitive: true}}
      """,
      "assets/contacts.sql": "select id, lower(email) as mail, city from people",
      "assets/active.sql": """
      select id, mail, city, n from contacts join logins on logins.who = contacts.mail
      """,
    ])
    try await project.assetctl("materialize", "active")

    let result = try await project.assetctl("test", "--generate", "active")

    #expect(
      result.output.contains(
        "values of `contacts.mail` and `logins.who` are made up, since they are sensitive"))
    let text = try project.read("tests/active.yml")
    #expect(!text.contains("@x.org"))
    #expect(text.contains("{id: 1, mail: masked 1, city: London, \"n\": 3}"))
    #expect(try await project.assetctl("test").exitCode == 0)
  }
}
