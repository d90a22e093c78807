import { PolyglotDialect } from '@/adapters/polyglot/dialect'

/** The dialect over the parser's Node build. */
export function createNodeDialect(): PolyglotDialect {
  return new PolyglotDialect(async () => {
    const library = await import('@polyglot-sql/sdk')
    const { Databricks } = library.Dialect
    return {
      parse: (sql) => library.parse(sql, Databricks),
      parseDataType: (sql) => library.parseDataType(sql, Databricks),
      print: (expression) => library.generate([expression], Databricks).sql?.join(' ') ?? '',
    }
  })
}
