import AssetCore
import AssetSQL

func readQuery(
  _ sql: String, dialect: SQLDialect, columns: (AssetKey) -> [String]?
) -> QueryReading { namesInText(sql, columns) }
