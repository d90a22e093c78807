import { beforeAll, describe, expect, it } from 'vitest'
import { type DialectDatabase, openDialectDatabase } from '@/testing/dialect-database'
import { FUNCTIONS } from './functions'

let db: DialectDatabase
beforeAll(async () => {
  db = await openDialectDatabase()
})

/** Expressions and the value that Spark's documentation or ANSI mode gives them, as text. */
const SCALARS: [expression: string, value: string | null][] = [
  ['abs(-1.5)', '1.5'],
  ["add_months(DATE '2024-01-31', 1)", '2024-02-29'],
  ["add_months(DATE '2024-03-31', -1)", '2024-02-29'],
  ['array(1, 2)', '[1, 2]'],
  ['array_contains(array(1, 2), 2)', 'true'],
  ['array_size(array(1, 2, 3))', '3'],
  ['size(array(1, 2))', '2'],
  ['ceil(1.2)', '2'],
  ['ceiling(-1.2)', '-1'],
  ['floor(-1.2)', '-2'],
  ['floor(2.9)', '2'],
  ["char_length('abç')", '3'],
  ["length('abç')", '3'],
  ['coalesce(NULL, 2, 3)', '2'],
  ['ifnull(NULL, 2)', '2'],
  ['nvl(NULL, 2)', '2'],
  ['nvl2(NULL, 1, 2)', '2'],
  ['nullif(1, 1)', null],
  ['if(1 > 2, 3, 4)', '4'],
  ['isnull(NULL)', 'true'],
  ['isnotnull(NULL)', 'false'],
  ["concat('a', 'b', 'c')", 'abc'],
  ["concat('a', NULL)", null],
  ["concat_ws('-', 'a', NULL, 'b')", 'a-b'],
  ["contains('abc', 'b')", 'true'],
  ["startswith('abc', 'b')", 'false'],
  ["left('abc', 2)", 'ab'],
  ["left('abc', -1)", ''],
  ["right('abc', 2)", 'bc'],
  ["right('abc', -1)", ''],
  ["lower('ABC')", 'abc'],
  ["upper('abc')", 'ABC'],
  ["lpad('7', 3, '0')", '007'],
  ["rpad('7', 3, '0')", '700'],
  ["trim('  a ')", 'a'],
  ["ltrim('  a ')", 'a '],
  ["rtrim('  a ')", '  a'],
  ["trim(BOTH 'x' FROM 'xax')", 'a'],
  ["md5('Spark')", '8cde774d6f7333752ed72cacddb05126'],
  ["sha2('Spark', 256)", '529bc3b07127ecb7e53a4dcf1991d9152c24537d919178022b2c42657f79a26b'],
  ["replace('ABCabc', 'abc', 'DEF')", 'ABCDEF'],
  ["reverse('abc')", 'cba'],
  ["regexp_replace('100-200', '(\\\\d+)', 'num')", 'num-num'],
  ["regexp_replace('a1b2', '([a-z])(\\\\d)', '$2$1')", '1a2b'],
  ["regexp_extract('100-200', '(\\\\d+)-(\\\\d+)', 1)", '100'],
  ["regexp_extract('100-200', '(\\\\d+)-(\\\\d+)')", '100'],
  ["regexp_like('abc', 'b.')", 'true'],
  ["'abc' RLIKE '^b'", 'false'],
  ["substring('Spark SQL', 5)", 'k SQL'],
  ["substring('Spark SQL', -3)", 'SQL'],
  ["substring('Spark SQL', 5, 1)", 'k'],
  ["substr('Spark SQL', 0, 5)", 'Spark'],
  ['curdate()', '2024-02-29'],
  ['current_date', '2024-02-29'],
  ['current_date()', '2024-02-29'],
  ['current_timestamp()', '2024-02-29 00:00:00'],
  ['now()', '2024-02-29 00:00:00'],
  ['date_sub(:as_of, 29)', '2024-01-31'],
  ["date('2016-07-30')", '2016-07-30'],
  ["date_add(DATE '2016-07-30', 1)", '2016-07-31'],
  ["date_sub('2016-07-30', 1)", '2016-07-29'],
  ["datediff(DATE '2009-07-31', DATE '2009-07-30')", '1'],
  ["date_diff(DATE '2009-07-30', DATE '2009-07-31')", '-1'],
  ["date_format(DATE '2024-02-05', 'EEEE')", 'Monday'],
  ["date_format(DATE '2024-02-05', 'yyyyMMdd')", '20240205'],
  ["date_format(DATE '2024-02-05', 'yyyy-MM')", '2024-02'],
  [
    "date_format(TIMESTAMP '2024-02-05 06:07:08.123456', \"yyyy-MM-dd'T'HH:mm:ss.SSSSSS\")",
    '2024-02-05T06:07:08.123456',
  ],
  ["date_format(DATE '2024-02-05', 'E d.M.yy 100%')", 'Mon 5.2.24 100%'],
  ["date_trunc('MONTH', TIMESTAMP '2015-03-05 09:32:05')", '2015-03-01 00:00:00'],
  ["date_trunc('week', DATE '2024-03-03')", '2024-02-26 00:00:00'],
  ["trunc(DATE '2019-08-04', 'week')", '2019-07-29'],
  ["trunc(DATE '2019-08-04', 'MM')", '2019-08-01'],
  ["trunc(DATE '2019-08-04', 'quarter')", '2019-07-01'],
  ["date_part('YEAROFWEEK', DATE '2021-01-01')", '2020'],
  ["day(DATE '2009-07-30')", '30'],
  ["dayofmonth(DATE '2009-07-30')", '30'],
  ["dayofweek(DATE '2009-07-30')", '5'],
  ["dayofweek(DATE '2024-03-03')", '1'],
  ["dayofyear(DATE '2016-04-09')", '100'],
  ["weekday(DATE '2009-07-30')", '3'],
  ["weekofyear(DATE '2008-02-20')", '8'],
  ["hour(TIMESTAMP '2009-07-30 12:58:59')", '12'],
  ["minute(TIMESTAMP '2009-07-30 12:58:59')", '58'],
  ["month(DATE '2016-07-30')", '7'],
  ["quarter(DATE '2016-08-31')", '3'],
  ["year(DATE '2016-07-30')", '2016'],
  ["extract(YEAROFWEEK FROM DATE '2025-12-29')", '2026'],
  ["extract(DAYOFWEEK_ISO FROM DATE '2024-03-03')", '7'],
  ["extract(DAYOFWEEK FROM DATE '2024-03-03')", '1'],
  ["extract(WEEK FROM DATE '2024-12-30')", '1'],
  ["extract(MONTH FROM DATE '2024-12-30')", '12'],
  ["last_day(DATE '2009-01-12')", '2009-01-31'],
  ['make_date(2013, 7, 15)', '2013-07-15'],
  ["to_date('2016-12-31')", '2016-12-31'],
  ["to_date('20161231', 'yyyyMMdd')", '2016-12-31'],
  ["to_timestamp('2016-12-31 00:12:00')", '2016-12-31 00:12:00'],
  ["to_timestamp('31.12.2016 10:11', 'dd.MM.yyyy HH:mm')", '2016-12-31 10:11:00'],
  ['sequence(1, 5)', '[1, 2, 3, 4, 5]'],
  ['sequence(3, 1)', '[3, 2, 1]'],
  ["sequence(DATE '2018-01-01', DATE '2018-03-01', INTERVAL 1 MONTH)", '[2018-01-01, 2018-02-01, 2018-03-01]'],
  ["sequence(DATE '2018-01-01', DATE '2018-01-03')", '[2018-01-01, 2018-01-02, 2018-01-03]'],
  ['exp(0)', '1'],
  ['ln(1)', '0'],
  ['ln(0)', null],
  ['sqrt(16)', '4'],
  ['try_divide(3, 2)', '1.5'],
  ['try_divide(3, 0)', null],
  ["conv('100', 16, 10)", '256'],
  ["CAST(conv(substring(md5('1'), 1, 15), 16, 10) AS BIGINT)", String(0xc4ca4238a0b9238n)],
  ['sqrt(-1)', 'NaN'],
  ['pow(2, 3)', '8'],
  ['power(2, 3)', '8'],
  ['sign(-40)', '-1'],
  ['greatest(10, NULL, 9)', '10'],
  ['least(10, NULL, 9)', '9'],
  ['mod(-7, 3)', '-1'],
  ['-7 % 3', '-1'],
  ['-7 div 2', '-3'],
  ['round(2.5)', '3'],
  ['round(-2.5)', '-3'],
  ['round(2.345, 2)', '2.35'],
  ['round(25, -1)', '30'],
]

const T = "(VALUES (1, 10, 'a'), (2, 30, 'a'), (3, NULL, 'b'), (4, 20, 'b')) AS t(id, v, g)"

/** Aggregates over T. */
const AGGREGATES: [expression: string, value: string | null][] = [
  ["any_value(CASE WHEN id = 1 THEN 'x' END)", 'x'],
  ['avg(v)', '20'],
  ['bool_and(v > 5)', 'true'],
  ['bool_or(v > 25)', 'true'],
  ['collect_list(v) FILTER (WHERE id <> 2)', '[10, 20]'],
  ['collect_list(v) FILTER (WHERE id > 9)', '[]'],
  ['size(collect_set(g))', '2'],
  ['round(corr(id, v), 4)', '0.3273'],
  ['count(*)', '4'],
  ['count(v)', '3'],
  ['count(DISTINCT g)', '2'],
  ['count(DISTINCT g, v)', '3'],
  ['count(g, v)', '3'],
  ['count_if(v > 15)', '2'],
  ['count_if(v > 15) FILTER (WHERE id > 2)', '1'],
  ['max(v)', '30'],
  ['max_by(g, v)', 'a'],
  ['max_by(v, id) FILTER (WHERE id < 4)', null],
  ['min(v)', '10'],
  ['min_by(id, v)', '1'],
  ['median(v)', '20'],
  ['round(regr_slope(v, id), 6)', '2.142857'],
  ['regr_slope(v, id) FILTER (WHERE id = 1)', null],
  ['regr_slope(v, 1)', null],
  ['stddev(v)', '10'],
  ['stddev_samp(v)', '10'],
  ['stddev_samp(v) FILTER (WHERE id = 1)', null],
  ['round(stddev_pop(v), 4)', '8.165'],
  ['sum(v)', '60'],
  ['sum(DISTINCT v)', '60'],
  ['sum(v) FILTER (WHERE id > 9)', null],
  ['var_samp(v)', '100'],
  ['variance(v)', '100'],
  ['round(var_pop(v), 4)', '66.6667'],
]

/** Window expressions over T, ordered by id: one value a row. */
const WINDOWS: [expression: string, values: (string | null)[]][] = [
  ['row_number() OVER (ORDER BY id)', ['1', '2', '3', '4']],
  ['rank() OVER (ORDER BY g)', ['1', '1', '3', '3']],
  ['rank() OVER (ORDER BY v)', ['2', '4', '1', '3']],
  ['rank() OVER (ORDER BY v DESC)', ['3', '1', '4', '2']],
  ['rank() OVER (ORDER BY v NULLS LAST)', ['1', '3', '4', '2']],
  ['dense_rank() OVER (ORDER BY g)', ['1', '1', '2', '2']],
  ['percent_rank() OVER (ORDER BY id)', ['0', '0.3333333333333333', '0.6666666666666666', '1']],
  ['cume_dist() OVER (ORDER BY g)', ['0.5', '0.5', '1', '1']],
  ['ntile(2) OVER (ORDER BY id)', ['1', '1', '2', '2']],
  ['lag(v) OVER (ORDER BY id)', [null, '10', '30', null]],
  ['lag(v, 1, 0) OVER (ORDER BY id)', ['0', '10', '30', null]],
  ['lag(v) IGNORE NULLS OVER (ORDER BY id)', [null, '10', '30', '30']],
  ['lead(v, 2) OVER (ORDER BY id)', [null, '20', null, null]],
  ['first_value(v) OVER (PARTITION BY g ORDER BY id)', ['10', '10', null, null]],
  ['first_value(v, true) OVER (PARTITION BY g ORDER BY id)', ['10', '10', null, '20']],
  [
    'last_value(v) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)',
    ['20', '20', '20', '20'],
  ],
  ['sum(v) OVER (ORDER BY id)', ['10', '40', '40', '60']],
  ['sum(v) OVER (ORDER BY id ROWS 1 PRECEDING)', ['10', '40', '30', '20']],
  ['count(*) FILTER (WHERE v > 15) OVER (PARTITION BY g)', ['1', '1', '1', '1']],
  [
    "sum(v) OVER (ORDER BY date_add(DATE '2024-01-01', id * 2) RANGE BETWEEN INTERVAL 2 DAYS PRECEDING AND CURRENT ROW)",
    ['10', '40', '30', '20'],
  ],
  ['round(avg(v) OVER (ORDER BY id), 1)', ['10.0', '20.0', '20.0', '20.0']],
]

describe('functions', () => {
  it.each(SCALARS)('%s is %s', async (expression, value) => {
    expect(await db.spark(`SELECT ${expression}`)).toEqual([[value]])
  })

  it.each(AGGREGATES)('%s of a group is %s', async (expression, value) => {
    expect(await db.spark(`SELECT ${expression} FROM ${T}`)).toEqual([[value]])
  })

  it.each(WINDOWS)('%s is %j', async (expression, values) => {
    const rows = await db.spark(`SELECT id, ${expression} AS x FROM ${T} ORDER BY id`)
    expect(rows.map((row) => row[1])).toEqual(values)
  })

  it('has a value above for every allowed function', () => {
    const text = [...SCALARS, ...AGGREGATES, ...WINDOWS].map(([expression]) => expression.toLowerCase()).join(' ')
    // These come as operators or other spellings in the tests above.
    const spelledOtherwise = new Set(['div', 'current_date'])
    const untested = [...FUNCTIONS.keys()].filter((name) => !spelledOtherwise.has(name) && !text.includes(`${name}(`))
    expect(untested).toEqual([])
  })

  it.each([
    ['SELECT 1,\n  xxhash64(2)', 'sql.unsupported_function', 'xxhash64', 2, 3],
    ["SELECT window(d, '1 day') FROM t", 'sql.unsupported_function', 'window', 1, 8],
    ['SELECT from_json(a, b) FROM t', 'sql.unsupported_function', 'from_json', 1, 8],
    ['SELECT months_between(a, b) FROM t', 'sql.unsupported_function', 'months_between', 1, 8],
    ['SELECT rand()', 'sql.unsupported_function', 'rand', 1, 8],
    ['SELECT uuid()', 'sql.unsupported_function', 'uuid', 1, 8],
    ["SELECT date_format(d, 'GGG') FROM t", 'sql.unsupported_pattern', 'GGG', 1, 23],
    ["SELECT regexp_replace(a, '(?<=x)y', 'z') FROM t", 'sql.unsupported_pattern', '(?<=x)y', 1, 8],
    ['SELECT sequence(a, b, INTERVAL 1 DAY) FROM t', 'sql.unsupported_function', 'CAST(start AS DATE)', 1, 8],
    ['SELECT row_number() FROM t', 'sql.invalid_call', 'OVER', 1, 8],
    ['SELECT upper(a, b) FROM t', 'sql.syntax', 'Expected', 1, 15],
    ['SELECT sha2(a, 512) FROM t', 'sql.unsupported_function', 'sha2', 1, 8],
  ])('refuses %j with its place', (sql, code, words, line, column) => {
    const analyzed = db.dialect.analyzeQuery(sql, { asOf: '2024-01-01' })
    if (!('error' in analyzed)) throw new Error(analyzed.duckdbSql)
    expect(analyzed.error.code).toContain(code)
    expect(`${analyzed.error.message} ${analyzed.error.remedy}`).toContain(words)
    expect({ line: analyzed.error.line, column: analyzed.error.column }).toEqual({ line, column })
  })
})
