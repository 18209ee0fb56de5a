import AssetCore
import AssetSQL

// The written form of declarations. Writing and reading stand side by side, field by field; a change
// here is a new `DeclarationCache.format`.

extension ByteWriter {
  mutating func write(_ declaration: Declaration) {
    write(declaration.name)
    write(declaration.place)
    write(declaration.description) { $0.write($1) }
    write(declaration.owner) { $0.write($1) }
    write(declaration.tags) { $0.write($1) }
    write(declaration.columns) { writer, column in
      writer.write(column.name)
      writer.write(column.type) { $0.write($1.rawValue) }
      writer.write(column.description) { $0.write($1) }
      writer.write(column.isSensitive)
    }
    write(declaration.inputs) { writer, input in
      writer.write(input.name)
      writer.write(input.place)
      writer.write(input.columns) { $0.write($1) { $0.write($1) } }
      writer.write(input.format.rawValue)
      writer.write(input.window) { $0.write($1) }
      writer.write(input.filter) { $0.write($1) }
    }
    write(declaration.volatility) { writer, volatility in
      switch volatility {
      case .judgedByInputs: writer.write(-2)
      case .always: writer.write(-1)
      case .after(let seconds): writer.write(seconds)
      }
    }
    write(declaration.policy)
    write(declaration.freshness) { $0.write($1) }
    write(declaration.failureStopsReaders)
    write(declaration.checks) { $0.write($1) }
    write(declaration.isContractEnforced)
    write(declaration.keepsRefused)
    write(declaration.partitions) { $0.write($1) }
    write(declaration.foreach) { $0.write($1) }
    write(declaration.body)
  }

  private mutating func write(_ foreach: ForeachDeclaration) {
    write(foreach.place)
    switch foreach.items {
    case .list(let items):
      write(true)
      write(items) { writer, item in
        writer.write(item.text)
        writer.write(item.isPlain)
      }
    case .files(let pattern):
      write(false)
      write(pattern)
    }
  }

  private mutating func write(_ policy: PolicyDeclaration) {
    write(policy.retries) { writer, retries in
      writer.write(retries.max)
      writer.write(Int(retries.delayMilliseconds))
      writer.write(retries.backoff.rawValue)
      writer.write(String(retries.jitter))
      writer.write(retries.exitCodes) { $0.write($1.sorted()) { $0.write(Int($1)) } }
    }
    write(policy.timeoutMilliseconds) { $0.write(Int($1)) }
    write(policy.pool) { $0.write($1) }
    write(policy.weight) { $0.write($1) }
    write(policy.sandbox) { $0.write($1.rawValue) }
    write(policy.keptVersions) { $0.write($1) }
  }

  private mutating func write(_ body: Declaration.Body) {
    switch body {
    case .query(let query):
      write(0)
      write(query.form)
      write(query.indexes) { $0.write($1) { $0.write($1) } }
      write(query.analysis)
      write(query.columns) { writer, columns in writer.write(columns) { $0.write($1) } }
    case .rows(let rows):
      write(1)
      write(rows.file)
      write(rows.format.delimiter)
      write(rows.format.nulls) { $0.write($1) }
      write(rows.isSource)
    case .program(let program):
      write(2)
      write(program)
    case .source(let table, let database):
      write(3)
      write(table)
      write(database) { $0.write($1) }
    case .files(let path):
      write(4)
      write(path)
    }
  }

  private mutating func write(_ program: ProgramDeclaration) {
    write(program.product.rawValue)
    write(program.file) { $0.write($1) }
    write(program.run) { writer, run in
      switch run {
      case .line(let line):
        writer.write(true)
        writer.write(line)
      case .words(let words):
        writer.write(false)
        writer.write(words) { $0.write($1) }
      }
    }
    write(program.outputs) { writer, output in
      writer.write(output.name) { $0.write($1) }
      writer.write(output.path)
    }
    for texts in [program.code, program.environment, program.secrets] {
      write(texts) { $0.write($1) }
    }
    write(program.runtime) { $0.write($1) }
    write(program.metrics) { $0.write($1) }
  }

  mutating func write(_ analysis: QueryAnalysis) {
    write(analysis.tables) { writer, table in
      writer.write(table.name)
      writer.write(table.schema) { $0.write($1) }
      writer.write(table.catalog) { $0.write($1) }
      writer.write(table.isQuoted)
      writer.write(table.range)
    }
    write(analysis.parameters) { writer, parameter in
      writer.write(parameter.name)
      writer.write(String(parameter.sigil.rawValue))
      writer.write(parameter.range)
    }
    write(analysis.functions) { writer, function in
      writer.write(function.name)
      writer.write(function.offset)
    }
    write(analysis.volatileReasons) { $0.write($1) }
    write(analysis.canonicalForm)
    write(analysis.unnamedColumns) { $0.write($1) }
    write(analysis.ownNames) { $0.write($1) }
    write(analysis.terminators) { $0.write($1) }
  }

  private mutating func write(_ reason: VolatileReason) {
    switch reason {
    case .random(let function, _): write(0, function)
    case .clock(let function, _): write(1, function)
    case .connectionState(let function, _): write(2, function)
    case .unorderedLimit: write(3, "")
    case .sample: write(4, "")
    }
    write(reason.offset)
  }

  private mutating func write(_ number: Int, _ text: String) {
    write(number)
    write(text)
  }

  mutating func write(_ place: Place) {
    write(place.file)
    write(place.line) { $0.write($1) }
    write(place.column) { $0.write($1) }
  }

  mutating func write(_ text: PlacedText) {
    write(text.text)
    write(text.place)
  }

  private mutating func write(_ range: Range<Int>) {
    write(range.lowerBound)
    write(range.upperBound)
  }
}

extension ByteReader {
  mutating func declaration() throws(Mismatch) -> Declaration {
    let name = try text()
    let place = try place()
    let description = try optional { (reader) throws(Mismatch) in try reader.text() }
    let owner = try optional { (reader) throws(Mismatch) in try reader.text() }
    let tags = try texts()
    let columns = try array { (reader) throws(Mismatch) in
      DeclaredColumn(
        name: try reader.text(),
        type: try reader.optional { (reader) throws(Mismatch) in try reader.raw() },
        description: try reader.optional { (reader) throws(Mismatch) in try reader.text() },
        isSensitive: try reader.flag())
    }
    let inputs = try array { (reader) throws(Mismatch) in
      InputDeclaration(
        name: try reader.text(), place: try reader.place(),
        columns: try reader.optional { (reader) throws(Mismatch) in try reader.texts() },
        format: try reader.raw(),
        window: try reader.optional { (reader) throws(Mismatch) in try reader.window() },
        filter: try reader.optional { (reader) throws(Mismatch) in try reader.placedText() })
    }
    let volatility = try optional { (reader) throws(Mismatch) -> Volatility in
      switch try reader.integer() {
      case -2: .judgedByInputs
      case -1: .always
      case let seconds: .after(seconds: seconds)
      }
    }
    let policy = try policy()
    let freshness = try optional { (reader) throws(Mismatch) in try reader.freshness() }
    let failureStopsReaders = try flag()
    return Declaration(
      name: name, place: place, description: description, owner: owner, tags: tags,
      columns: columns, inputs: inputs, volatility: volatility, policy: policy,
      freshness: freshness, failureStopsReaders: failureStopsReaders,
      checks: try array { (reader) throws(Mismatch) in try reader.check() },
      isContractEnforced: try flag(), keepsRefused: try flag(),
      partitions: try optional { (reader) throws(Mismatch) in try reader.partitions() },
      foreach: try optional { (reader) throws(Mismatch) in try reader.foreach() },
      body: try body())
  }

  private mutating func foreach() throws(Mismatch) -> ForeachDeclaration {
    let place = try place()
    guard try flag() else {
      return ForeachDeclaration(items: .files(pattern: try text()), place: place)
    }
    let items = try array { (reader) throws(Mismatch) in
      ForeachDeclaration.ListItem(text: try reader.text(), isPlain: try reader.flag())
    }
    return ForeachDeclaration(items: .list(items), place: place)
  }

  mutating func freshness() throws(Mismatch) -> Freshness {
    Freshness(
      column: try optional { (reader) throws(Mismatch) in try reader.text() },
      warnAfterMilliseconds: try optional { (reader) throws(Mismatch) in
        Int64(try reader.integer())
      },
      errorAfterMilliseconds: try optional { (reader) throws(Mismatch) in
        Int64(try reader.integer())
      }, stopsReaders: try flag())
  }

  private mutating func policy() throws(Mismatch) -> PolicyDeclaration {
    PolicyDeclaration(
      retries: try optional { (reader) throws(Mismatch) in
        RetryPolicy(
          max: try reader.integer(), delayMilliseconds: Int64(try reader.integer()),
          backoff: try reader.raw(), jitter: try reader.real(),
          exitCodes: try reader.optional { (reader) throws(Mismatch) in
            Set(try reader.array { (reader) throws(Mismatch) in Int32(try reader.integer()) })
          })
      },
      timeoutMilliseconds: try optional { (reader) throws(Mismatch) in
        Int64(try reader.integer())
      },
      pool: try optional { (reader) throws(Mismatch) in try reader.placedText() },
      weight: try optional { (reader) throws(Mismatch) in try reader.integer() },
      sandbox: try optional { (reader) throws(Mismatch) in try reader.raw() },
      keptVersions: try optional { (reader) throws(Mismatch) in try reader.integer() })
  }

  mutating func real() throws(Mismatch) -> Double {
    guard let value = Double(try text()) else { throw Mismatch() }
    return value
  }

  private mutating func body() throws(Mismatch) -> Declaration.Body {
    switch try integer() {
    case 0:
      let form = try form()
      let indexes = try array { (reader) throws(Mismatch) in try reader.texts() }
      // The text is the file's, which is read in any case.
      return .query(
        QueryDeclaration(
          form: form, indexes: indexes, text: "", analysis: try analysis(),
          columns: try optional { (reader) throws(Mismatch) in try reader.texts() }))
    case 1:
      return .rows(
        RowsDeclaration(
          file: try placedText(),
          format: RowFormat(delimiter: try text(), nulls: try texts()), isSource: try flag()))
    case 2: return .program(try program())
    case 3:
      return .source(
        table: try text(),
        database: try optional { (reader) throws(Mismatch) in try reader.placedText() })
    case 4: return .files(try placedText())
    default: throw Mismatch()
    }
  }

  private mutating func program() throws(Mismatch) -> ProgramDeclaration {
    ProgramDeclaration(
      product: try raw(), file: try optional { (reader) throws(Mismatch) in try reader.text() },
      run: try optional { (reader) throws(Mismatch) in
        try reader.flag() ? .line(try reader.placedText()) : .words(try reader.texts())
      },
      outputs: try array { (reader) throws(Mismatch) in
        OutputDeclaration(
          name: try reader.optional { (reader) throws(Mismatch) in try reader.placedText() },
          path: try reader.placedText())
      },
      code: try placedTexts(), environment: try placedTexts(), secrets: try placedTexts(),
      runtime: try optional { (reader) throws(Mismatch) in try reader.placedText() },
      metrics: try optional { (reader) throws(Mismatch) in try reader.placedText() })
  }

  mutating func analysis() throws(Mismatch) -> QueryAnalysis {
    QueryAnalysis(
      tables: try array { (reader) throws(Mismatch) in
        let name = try reader.text()
        let schema = try reader.optional { (reader) throws(Mismatch) in try reader.text() }
        let catalog = try reader.optional { (reader) throws(Mismatch) in try reader.text() }
        return TableReference(
          name, schema: schema, catalog: catalog, isQuoted: try reader.flag(),
          range: try reader.range())
      },
      parameters: try array { (reader) throws(Mismatch) in
        let name = try reader.text()
        guard let sigil = try reader.text().first.flatMap(ParameterReference.Sigil.init) else {
          throw Mismatch()
        }
        return ParameterReference(name: name, sigil: sigil, range: try reader.range())
      },
      functions: try array { (reader) throws(Mismatch) in
        FunctionReference(name: try reader.text(), offset: try reader.integer())
      },
      volatileReasons: try array { (reader) throws(Mismatch) in try reader.volatileReason() },
      canonicalForm: try text(),
      unnamedColumns: try texts(),
      ownNames: try array { (reader) throws(Mismatch) in try reader.integer() },
      terminators: try array { (reader) throws(Mismatch) in try reader.range() })
  }

  private mutating func volatileReason() throws(Mismatch) -> VolatileReason {
    let kind = try integer()
    let function = try text()
    let offset = try integer()
    switch kind {
    case 0: return .random(function: function, offset: offset)
    case 1: return .clock(function: function, offset: offset)
    case 2: return .connectionState(function: function, offset: offset)
    case 3: return .unorderedLimit(offset: offset)
    case 4: return .sample(offset: offset)
    default: throw Mismatch()
    }
  }

  mutating func place() throws(Mismatch) -> Place {
    Place(
      file: try text(),
      line: try optional { (reader) throws(Mismatch) in try reader.integer() },
      column: try optional { (reader) throws(Mismatch) in try reader.integer() })
  }

  mutating func placedText() throws(Mismatch) -> PlacedText {
    PlacedText(text: try text(), place: try place())
  }

  private mutating func placedTexts() throws(Mismatch) -> [PlacedText] {
    try array { (reader) throws(Mismatch) in try reader.placedText() }
  }

  mutating func texts() throws(Mismatch) -> [String] {
    try array { (reader) throws(Mismatch) in try reader.text() }
  }

  private mutating func range() throws(Mismatch) -> Range<Int> {
    let lower = try integer()
    let upper = try integer()
    guard lower <= upper else { throw Mismatch() }
    return lower..<upper
  }
}
