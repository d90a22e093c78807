import type { ColumnUse } from '@/domain/lineage/column-use'
import type { DialectContext } from '@/engine/ports'
import { expressionUses } from './lineage-expressions'
import { queryResult } from './lineage-queries'
import type { Reader, Result } from './lineage-scope'

/**
 * The lineage of a parsed query, read from its syntax tree. (The library's own knows no indirect uses and no places.)
 * `offsetOf` turns the parser's places into offsets in the text.
 */
export function readLineage(
  statement: unknown,
  context: DialectContext,
  columnsOf: Reader['columnsOf'],
  text: { print: Reader['print']; offset(codePoints: number): number },
): Result {
  const reader: Reader = {
    context,
    columnsOf,
    ctes: [],
    expression: (value, scope): ColumnUse[] => expressionUses(value, scope, reader),
    query: (value, outer) => queryResult(value, outer, reader),
    print: text.print,
    offset: (codePoints) => (codePoints === null ? 0 : text.offset(codePoints)),
  }
  return reader.query(statement, null)
}
