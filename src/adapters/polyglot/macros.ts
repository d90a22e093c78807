/**
 * Functions that translated SQL calls and DuckDB lacks; the engine creates them once after opening the database.
 * All are SQL macros, so their arguments are expressions and may be evaluated several times; they have no side effects.
 */

/** Digits after the point that a rounded quotient can have. */
export const MAX_DIGITS = 10

/** The macro that divides and rounds to so many digits, half away from zero. */
export function quotientMacro(digits: number): string {
  return `quotient_round_${digits}`
}

const BY_ZERO = `error('Division by zero. Guard the divisor with NULLIF(divisor, 0) to get NULL instead.')`

/**
 * x / y to n digits, half away from zero on the exact quotient, as DECIMAL(38,n).
 *
 * r = x / y * 10^n is first computed as a DOUBLE. It has at most six rounding steps (x, y, 10^n and the two operations), so its
 * error is below |r| * 1e-15. When the distance from r to the nearest integer, plus that error, is below a half, rounding r gives
 * what rounding the exact quotient gives (1e-7 of margin covers the subtraction); |r| is then below 5e14 and its rounded value
 * exact in DECIMAL(18,n). Rows nearer to a half, and large quotients, are computed in HUGEINT: with X = |x| * 10^10 and
 * Y = |y| * 10^10, (2 * X * 10^n + Y) // (2 * Y) is the rounded quotient; what exceeds HUGEINT raises, and decimals after the
 * tenth are rounded away. DOUBLE operands have no exact value: there a quotient four units in the last place below a half is one.
 */
function quotientRound(digits: number): string {
  const scale = `1e${digits}`
  const r = `(x / y * ${scale})`
  const exact = (operand: string) => `CAST(abs(CAST(${operand} AS DECIMAL(38,10))) * 10000000000 AS HUGEINT)`
  const rounded = `((2 * ${exact('x')} * ${10 ** digits} + ${exact('y')}) // (2 * ${exact('y')}))`
  const unit = digits === 0 ? '1' : `CAST('${(10 ** -digits).toFixed(digits)}' AS DECIMAL(${digits + 1},${digits}))`
  const type = `DECIMAL(38,${digits})`
  return `CREATE OR REPLACE MACRO ${quotientMacro(digits)}(x, y) AS CASE
    WHEN abs(${r} - round(${r})) + abs(${r}) * 1e-15 < 0.4999999
      THEN CAST(CAST(round(${r}) / ${scale} AS DECIMAL(18,${digits})) AS ${type})
    WHEN x IS NULL OR y IS NULL THEN NULL
    WHEN y = 0 THEN ${BY_ZERO}
    WHEN typeof(x) IN ('DOUBLE', 'FLOAT') OR typeof(y) IN ('DOUBLE', 'FLOAT')
      THEN CAST(round(${r} * (1 + 1e-15)) / ${scale} AS ${type})
    ELSE CAST(CASE WHEN (x < 0) <> (y < 0) THEN -1 ELSE 1 END * ${rounded} * ${unit} AS ${type})
  END`
}

/**
 * A number cut towards zero, ready for a cast to an integer type: DuckDB's cast would round, Spark's cuts. Text must be written as
 * an integer. `typeof` is a constant when the query is planned, so only one branch is ever run.
 */
function cutToInteger(name: string, cast: 'CAST' | 'TRY_CAST', invalid: string): string {
  // A DECIMAL of at most 15 digits is told apart from its neighbours as a DOUBLE, which is far faster to cut.
  const fits = `typeof(x) IN ('DOUBLE', 'FLOAT') OR TRY_CAST(regexp_extract(typeof(x), '^DECIMAL.(\\d+)', 1) AS INTEGER) <= 15`
  return `CREATE OR REPLACE MACRO ${name}(x) AS CASE
    WHEN ${fits} THEN ${cast}(trunc(TRY_CAST(x AS DOUBLE)) AS BIGINT)
    WHEN starts_with(typeof(x), 'DECIMAL') THEN ${cast}(trunc(TRY_CAST(x AS DECIMAL(38,10))) AS BIGINT)
    WHEN typeof(x) = 'VARCHAR' AND regexp_matches(CAST(x AS VARCHAR), '[.eE]') THEN ${invalid}
    ELSE ${cast}(x AS BIGINT)
  END`
}

/** SQL statements, to be run one by one in each database that runs translated SQL. */
export const engineMacros: readonly string[] = [
  ...Array.from({ length: MAX_DIGITS + 1 }, (_, digits) => quotientRound(digits)),
  // x / y of Spark's ANSI mode: NULL operands give NULL, a zero divisor raises. A DOUBLE.
  `CREATE OR REPLACE MACRO quotient(x, y) AS CASE WHEN y = 0 AND x IS NOT NULL THEN ${BY_ZERO} ELSE x / y END`,
  `CREATE OR REPLACE MACRO integer_quotient(x, y) AS CASE WHEN y = 0 AND x IS NOT NULL THEN ${BY_ZERO}
    ELSE CAST(x AS BIGINT) // CAST(y AS BIGINT) END`,
  `CREATE OR REPLACE MACRO remainder_of(x, y) AS CASE WHEN y = 0 AND x IS NOT NULL THEN ${BY_ZERO} ELSE x % y END`,
  // Spark gives NULL for the logarithm of what is not positive, and NaN for the root of a negative number; DuckDB raises.
  'CREATE OR REPLACE MACRO natural_logarithm(x) AS CASE WHEN x > 0 THEN ln(CASE WHEN x > 0 THEN x END) END',
  `CREATE OR REPLACE MACRO square_root(x) AS CASE WHEN x < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt(CASE WHEN x >= 0 THEN x END) END`,
  // Position 0 is position 1 in Spark; a negative one counts from the end in both.
  `CREATE OR REPLACE MACRO substring_of(text, start) AS substring(text, CASE WHEN start = 0 THEN 1 ELSE start END),
    (text, start, length) AS substring(text, CASE WHEN start = 0 THEN 1 ELSE start END, greatest(0, length))`,
  cutToInteger(
    'cut_to_integer',
    'CAST',
    `error('Cannot cast the text ''' || CAST(x AS VARCHAR) || ''' to an integer')`,
  ),
  cutToInteger('try_cut_to_integer', 'TRY_CAST', 'NULL'),
  // A date plus days or months stays a DATE in Spark and becomes a TIMESTAMP in DuckDB.
  `CREATE OR REPLACE MACRO plus_interval(t DATE, i INTERVAL) AS CAST(t + i AS DATE), (t TIMESTAMP, i INTERVAL) AS t + i`,
  `CREATE OR REPLACE MACRO minus_interval(t DATE, i INTERVAL) AS CAST(t - i AS DATE), (t TIMESTAMP, i INTERVAL) AS t - i`,
]
