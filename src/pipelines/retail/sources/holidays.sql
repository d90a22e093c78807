CREATE TABLE silver.holidays (
  date DATE NOT NULL COMMENT 'Calendar day',
  holiday_name STRING COMMENT 'Name of the holiday',
  PRIMARY KEY (date)
)
COMMENT 'Public holidays, one row a day.'
TBLPROPERTIES (
  'source.optional' = 'true'
);
