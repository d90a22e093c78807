/** Statements as people write them: what comes out of each. */
import { describe, expect, it } from 'vitest'
import { parseFile } from './parse'
import type { ColumnSelection, Statement } from './statements'

const listed = (selection: ColumnSelection | null) =>
  selection && `${selection.except ? '* except ' : ''}${selection.columns.map(({ name }) => name).join(',')}`

/** What a statement says, without what it leaves out. The parts of names are joined by a bar. */
function summary(statement: Statement): Record<string, unknown> {
  const name = statement.name.parts.join('|')
  if (statement.type === 'schema') {
    return said({ is: 'schema', name, comment: statement.comment, properties: statement.properties.length })
  }
  if (statement.type === 'flow') {
    const head = { name, once: statement.once, into: statement.target.parts.join('|'), comment: statement.comment }
    if (statement.kind === 'insert') return said({ is: 'insert', ...head, query: statement.query.text })
    return said({
      is: 'auto_cdc',
      ...head,
      from: `${statement.source.stream ? 'stream ' : ''}${statement.source.name.parts.join('|')}`,
      keys: statement.keys.map((key) => key.name).join(','),
      ignoreNulls: statement.ignoreNullUpdates,
      deleteWhen: statement.deleteWhen?.text,
      sequenceBy: statement.sequenceBy.text,
      columns: listed(statement.columns),
      scd: statement.scdType,
      history: listed(statement.trackHistory),
    })
  }
  return said({
    is: statement.type === 'table' ? 'table' : statement.kind,
    name,
    temporary: statement.type === 'dataset' && statement.temporary,
    private: statement.type === 'dataset' && statement.private,
    columns: statement.columns.map((column) => column.name).join(','),
    expectations: statement.expectations.map((e) => `${e.name} ${e.action}: ${e.expression.text}`).join('; '),
    keys: statement.primaryKey?.columns.join(','),
    partitions: statement.partitionedBy.join(','),
    clusters: statement.clusterBy.join(','),
    comment: statement.comment,
    properties: statement.properties.length,
    query: statement.type === 'dataset' ? statement.query?.text : null,
  })
}

function said(of: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(of).filter(([, value]) => Boolean(value)))
}

const view = { is: 'materialized_view', name: 'a', query: 'SELECT 1' }
const cdc = { is: 'auto_cdc', name: 'f', into: 't', from: 's', keys: 'k', sequenceBy: 'n', scd: 1 }

const read: [text: string, ...statements: Record<string, unknown>[]][] = [
  // Files
  [''],
  [' ;; \n;'],
  ['-- only a note; with a semicolon'],
  ['/* one /* in ; the */ other */'],
  ['\uFEFFCREATE MATERIALIZED VIEW a AS SELECT 1', view],
  ['CREATE MATERIALIZED VIEW a AS SELECT 1;', view],
  [
    'CREATE MATERIALIZED VIEW a AS SELECT 1;;\n;CREATE VIEW b AS SELECT 2;',
    view,
    { is: 'view', name: 'b', query: 'SELECT 2' },
  ],
  ['create or refresh materialized view a as SELECT 1', view],
  ['CrEaTe Or RePlAcE mAtErIaLiZeD vIeW a aS SELECT 1', view],
  ['CREATE\r\nMATERIALIZED\r\nVIEW\r\na\r\nAS\r\nSELECT 1\r\n', view],
  ['CREATE MATERIALIZED VIEW IF NOT EXISTS a AS SELECT 1', view],
  ['CREATE/**/MATERIALIZED--\nVIEW/* ; /* ; */ */a--;\nAS--x\nSELECT 1', view],
  ['CREATE MATERIALIZED VIEW a AS SELECT \';\' AS x, ";" AS y', { ...view, query: 'SELECT \';\' AS x, ";" AS y' }],
  ["CREATE MATERIALIZED VIEW a AS SELECT 1 -- it's; done\n, 2", { ...view, query: "SELECT 1 -- it's; done\n, 2" }],
  ['CREATE MATERIALIZED VIEW a AS SELECT 1 /* "; */ + 1', { ...view, query: 'SELECT 1 /* "; */ + 1' }],
  [
    'CREATE MATERIALIZED VIEW a AS WITH as AS (SELECT 1) SELECT * FROM as',
    { ...view, query: 'WITH as AS (SELECT 1) SELECT * FROM as' },
  ],
  ['CREATE MATERIALIZED VIEW a AS SELECT 1 AS ``` ; ```', { ...view, query: 'SELECT 1 AS ``` ; ```' }],
  // Names
  ['CREATE MATERIALIZED VIEW main.gold.a AS SELECT 1', { ...view, name: 'main|gold|a' }],
  ['CREATE MATERIALIZED VIEW gold . a AS SELECT 1', { ...view, name: 'gold|a' }],
  ['CREATE MATERIALIZED VIEW `my schema`.`a.b` AS SELECT 1', { ...view, name: 'my schema|a.b' }],
  ['CREATE MATERIALIZED VIEW `a``b` AS SELECT 1', { ...view, name: 'a`b' }],
  ['CREATE MATERIALIZED VIEW umsätze.größe AS SELECT 1', { ...view, name: 'umsätze|größe' }],
  ['CREATE MATERIALIZED VIEW 売上 AS SELECT 1', { ...view, name: '売上' }],
  ['CREATE MATERIALIZED VIEW comment AS SELECT 1', { ...view, name: 'comment' }],
  // Kinds and their legacy spellings
  ['CREATE PRIVATE MATERIALIZED VIEW a AS SELECT 1', { ...view, private: true }],
  ['CREATE OR REFRESH PRIVATE STREAMING TABLE a AS SELECT 1', { ...view, is: 'streaming_table', private: true }],
  ['CREATE STREAMING TABLE t', { is: 'streaming_table', name: 't' }],
  [
    'CREATE OR REFRESH STREAMING TABLE t (a INT, b STRING NOT NULL);',
    { is: 'streaming_table', name: 't', columns: 'a,b' },
  ],
  ['CREATE TEMPORARY VIEW a AS SELECT 1', { ...view, is: 'view', temporary: true }],
  [
    'CREATE TEMP VIEW a (CONSTRAINT c EXPECT (x)) COMMENT "v" AS SELECT 1',
    { ...view, is: 'view', temporary: true, comment: 'v', expectations: 'c warn: x' },
  ],
  ['CREATE LIVE TABLE a AS SELECT 1', view],
  ['CREATE OR REFRESH LIVE TABLE LIVE.a AS SELECT 1', view],
  ['CREATE TEMPORARY LIVE TABLE a AS SELECT 1', { ...view, private: true }],
  ['CREATE STREAMING LIVE TABLE a AS SELECT 1', { ...view, is: 'streaming_table' }],
  ['CREATE TEMPORARY STREAMING TABLE a AS SELECT 1', { ...view, is: 'streaming_table', private: true }],
  ['CREATE INCREMENTAL LIVE TABLE a AS SELECT 1', { ...view, is: 'streaming_table' }],
  ['CREATE LIVE VIEW a AS SELECT 1', { ...view, is: 'view', temporary: true }],
  ['CREATE STREAMING LIVE VIEW a AS SELECT 1', { ...view, is: 'view', temporary: true }],
  // Columns
  ['CREATE MATERIALIZED VIEW a (x, y) AS SELECT 1', { ...view, columns: 'x,y' }],
  [
    "CREATE MATERIALIZED VIEW a (x COMMENT 'one', y INT COMMENT 'it''s, two)') AS SELECT 1",
    { ...view, columns: 'x,y' },
  ],
  [
    'CREATE MATERIALIZED VIEW a (`order date` DATE, `a.b` INT, `a``b` INT) AS SELECT 1',
    { ...view, columns: 'order date,a.b,a`b' },
  ],
  [
    "CREATE MATERIALIZED VIEW a (comment STRING COMMENT 'c', key INT, type INT, default INT, table INT, primary INT) AS SELECT 1",
    { ...view, columns: 'comment,key,type,default,table,primary' },
  ],
  [
    "CREATE MATERIALIZED VIEW a (s STRUCT<a: INT NOT NULL COMMENT 'x, y', b: ARRAY<MAP<STRING, DECIMAL(10, 2)>>> NOT NULL, z INT) AS SELECT 1",
    { ...view, columns: 's,z' },
  ],
  [
    "CREATE STREAMING TABLE t (d DATE, y INT GENERATED ALWAYS AS (year(coalesce(d, to_date(')')))) COMMENT 'year')",
    { is: 'streaming_table', name: 't', columns: 'd,y' },
  ],
  [
    'CREATE TABLE s (id BIGINT NOT NULL PRIMARY KEY, größe INT)',
    { is: 'table', name: 's', columns: 'id,größe', keys: 'id' },
  ],
  [
    'CREATE TABLE s (id INT CONSTRAINT pk PRIMARY KEY RELY, p INT CONSTRAINT fk REFERENCES gold.p (id), q INT FOREIGN KEY REFERENCES q)',
    { is: 'table', name: 's', columns: 'id,p,q', keys: 'id' },
  ],
  // Constraints
  [
    'CREATE MATERIALIZED VIEW a (a INT, b INT, PRIMARY KEY (a, `b`)) AS SELECT 1',
    { ...view, columns: 'a,b', keys: 'a,b' },
  ],
  [
    'CREATE MATERIALIZED VIEW a (a INT, CONSTRAINT `the key` PRIMARY KEY (a) NOT ENFORCED RELY, CONSTRAINT fk FOREIGN KEY (a) REFERENCES main.gold.b (c) NOT ENFORCED MATCH FULL ON UPDATE NO ACTION ON DELETE NO ACTION) AS SELECT 1',
    { ...view, columns: 'a', keys: 'a' },
  ],
  [
    'CREATE MATERIALIZED VIEW a (CONSTRAINT one EXPECT (a > 0), CONSTRAINT two EXPECT (b) ON VIOLATION DROP ROW, CONSTRAINT three EXPECT (c IN (1, (2))) ON VIOLATION FAIL UPDATE) AS SELECT 1',
    { ...view, expectations: 'one warn: a > 0; two drop: b; three fail: c IN (1, (2))' },
  ],
  [
    'CREATE MATERIALIZED VIEW a (CONSTRAINT `not (odd)` EXPECT (x <> \')\' AND y <> "(" /* ) */ AND z -- )\n > 0)) AS SELECT 1',
    { ...view, expectations: 'not (odd) warn: x <> \')\' AND y <> "(" /* ) */ AND z -- )\n > 0' },
  ],
  [
    'CREATE MATERIALIZED VIEW a (CONSTRAINT c EXPECT ( (a) ) ON VIOLATION/**/drop row) AS SELECT 1',
    { ...view, expectations: 'c drop: (a)' },
  ],
  // Clauses
  ['CREATE MATERIALIZED VIEW a PARTITIONED BY (x, `y z`) AS SELECT 1', { ...view, partitions: 'x,y z' }],
  ['CREATE MATERIALIZED VIEW a CLUSTER BY (x, y) AS SELECT 1', { ...view, clusters: 'x,y' }],
  ['CREATE MATERIALIZED VIEW a CLUSTER BY AUTO AS SELECT 1', view],
  ['CREATE MATERIALIZED VIEW a CLUSTER BY NONE USING DELTA AS SELECT 1', view],
  ["CREATE MATERIALIZED VIEW a COMMENT 'it''s; -- /* all'  AS SELECT 1", { ...view, comment: "it's; -- /* all" }],
  ['CREATE MATERIALIZED VIEW a COMMENT "say \\"no\\" to \'x\'" AS SELECT 1', { ...view, comment: `say "no" to 'x'` }],
  ["CREATE MATERIALIZED VIEW a COMMENT r'c:\\new' AS SELECT 1", { ...view, comment: 'c:\\new' }],
  [
    "CREATE MATERIALIZED VIEW a TBLPROPERTIES ('a' = '1', b.c = true, \"d\" = -2) AS SELECT 1",
    { ...view, properties: 3 },
  ],
  [
    "CREATE MATERIALIZED VIEW a -- first\nCOMMENT 'x' /* then /* nested; */ */ TBLPROPERTIES ('a'='b') -- last;\nAS SELECT 1",
    { ...view, comment: 'x', properties: 1 },
  ],
  [
    "CREATE SCHEMA IF NOT EXISTS gold COMMENT 'g' WITH DBPROPERTIES ('a' = 'b', 'c' = 'd')",
    { is: 'schema', name: 'gold', comment: 'g', properties: 2 },
  ],
  ['CREATE DATABASE main.gold', { is: 'schema', name: 'main|gold' }],
  // Flows
  [
    'CREATE FLOW f AS INSERT INTO t BY NAME SELECT * FROM STREAM(s)',
    { is: 'insert', name: 'f', into: 't', query: 'SELECT * FROM STREAM(s)' },
  ],
  [
    "CREATE FLOW f COMMENT 'old; rows' AS INSERT INTO ONCE gold.t BY NAME SELECT ';'",
    { is: 'insert', name: 'f', once: true, into: 'gold|t', comment: 'old; rows', query: "SELECT ';'" },
  ],
  [
    'create flow f as insert once into t by name select 1',
    { is: 'insert', name: 'f', once: true, into: 't', query: 'select 1' },
  ],
  ['CREATE FLOW f AS INSERT INTO once BY NAME SELECT 1', { is: 'insert', name: 'f', into: 'once', query: 'SELECT 1' }],
  ['CREATE FLOW f AS AUTO CDC INTO t FROM s KEYS (k) SEQUENCE BY n', cdc],
  ['CREATE FLOW f AS AUTO CDC INTO t FROM s KEYS (k) SEQUENCE BY n COLUMNS (k, a)', { ...cdc, columns: 'k,a' }],
  [
    'CREATE FLOW f AS AUTO CDC ONCE INTO t FROM stream(a.s) KEYS (k) SEQUENCE BY n;',
    { ...cdc, once: true, from: 'stream a|s' },
  ],
  [
    'CREATE FLOW f AS AUTO CDC INTO t FROM STREAM main.a.s KEYS (k, `k 2`) SEQUENCE BY n',
    { ...cdc, from: 'stream main|a|s', keys: 'k,k 2' },
  ],
  ['CREATE FLOW f AS AUTO CDC INTO t FROM stream KEYS (k) SEQUENCE BY n', { ...cdc, from: 'stream' }],
  [
    `CREATE FLOW f AS AUTO CDC INTO gold.t -- the target
     FROM STREAM(LIVE.s)
     KEYS (k) /* one; key */
     IGNORE NULL UPDATES
     APPLY AS DELETE WHEN op = 'DELETE; SEQUENCE BY' AND (columns > 1 OR nvl(columns, 0) = 0)
     SEQUENCE BY struct(n, m)
     COLUMNS * EXCEPT (op, n)
     STORED AS SCD TYPE 2
     TRACK HISTORY ON (a, \`b c\`);`,
    {
      ...cdc,
      into: 'gold|t',
      from: 'stream s',
      ignoreNulls: true,
      deleteWhen: "op = 'DELETE; SEQUENCE BY' AND (columns > 1 OR nvl(columns, 0) = 0)",
      sequenceBy: 'struct(n, m)',
      columns: '* except op,n',
      scd: 2,
      history: 'a,b c',
    },
  ],
  [
    'CREATE FLOW f AS AUTO CDC INTO t FROM s KEYS (k) STORED AS SCD TYPE 1 COLUMNS (k, a) SEQUENCE BY columns',
    { ...cdc, sequenceBy: 'columns', columns: 'k,a' },
  ],
  [
    'CREATE FLOW f AS AUTO CDC INTO t FROM s KEYS (k) SEQUENCE BY columns * 2 STORED AS SCD TYPE 2 TRACK HISTORY ON * EXCEPT (a)',
    { ...cdc, sequenceBy: 'columns * 2', scd: 2, history: '* except a' },
  ],
  [
    'CREATE FLOW f AS AUTO CDC INTO t FROM s KEYS (k) COLUMNS k, a, `b c` SEQUENCE BY n STORED AS SCD TYPE 2 TRACK HISTORY ON a, `b c`;',
    { ...cdc, columns: 'k,a,b c', scd: 2, history: 'a,b c' },
  ],
  [
    "CREATE FLOW f AS APPLY CHANGES INTO t FROM s KEYS (k) APPLY AS DELETE WHEN m['x'] = 1 SEQUENCE BY n",
    { ...cdc, deleteWhen: "m['x'] = 1" },
  ],
  [
    'APPLY CHANGES INTO LIVE.t FROM STREAM(LIVE.s) KEYS (k) SEQUENCE BY n STORED AS SCD TYPE 2',
    { ...cdc, name: 't', from: 'stream s', scd: 2 },
  ],
  [
    'apply changes\r\ninto gold.t\r\nfrom s keys (k)\r\nignore null updates sequence by n',
    { ...cdc, name: 'gold|t', into: 'gold|t', ignoreNulls: true },
  ],
]

describe('a statement of a pipeline', () => {
  it.each(read)('is read: %j', (text, ...statements) => {
    const parsed = parseFile('t.sql', text)
    expect(parsed.problems).toEqual([])
    expect(parsed.statements.map(summary)).toEqual(statements)
  })
})
