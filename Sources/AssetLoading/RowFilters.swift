import AssetCore
import AssetSQL

extension DeclarationResolver {
  /// The condition on the rows of an input, with the values of vars and of the item in it.
  func rowFilter(_ text: PlacedText, of declaration: Declaration) -> RowFilter? {
    guard case .program = declaration.body else {
      log.add(.whereOfQuery(at: text.place))
      return nil
    }
    let condition: RowCondition
    do throws(RowCondition.Fault) {
      condition = try RowCondition(text.text, dialect: dialect)
    } catch {
      log.add(.badCondition(text.text, error, at: text.place))
      return nil
    }
    let vars = project.vars.merging(declaration.item?.parameters ?? [:]) { _, item in item }
    for parameter in condition.parameters {
      if parameter.sigil == .questionMark {
        log.add(.positionalParameter("?" + parameter.name, at: text.place))
      } else if vars[parameter.name] == nil {
        log.add(
          .unknownVar(
            parameter.name, at: text.place,
            nearest: nearestName(to: parameter.name, in: vars.keys)))
      } else if declaration.item?.parameters[parameter.name] == nil,
        project.secretVars.contains(parameter.name)
      {
        log.add(.secretInCondition(parameter.name, at: text.place))
      }
    }
    let sql = condition.rendered(dialect: dialect) { vars[$0.name]?.sqlLiteral }
    return RowFilter(sql, columns: condition.columns)
  }
}
