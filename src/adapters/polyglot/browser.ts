import wasmUrl from '@polyglot-sql/sdk/polyglot_sql.wasm?url'
import { PolyglotDialect } from './dialect'

/** The dialect in a browser or a worker; the 23 MB of its parser are fetched at `load`, not before. */
export function createPolyglotDialect(): PolyglotDialect {
  return new PolyglotDialect(async () => {
    const library = await import('@polyglot-sql/sdk/manual')
    await library.init({ wasmUrl })
    const { Databricks } = library.Dialect
    return {
      parse: (sql) => library.parse(sql, Databricks),
      parseDataType: (sql) => library.parseDataType(sql, Databricks),
      print: (expression) => library.generate([expression], Databricks).sql?.join(' ') ?? '',
    }
  })
}
