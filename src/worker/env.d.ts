interface ImportMetaEnv {
  /** The version in package.json. */
  readonly GOLDSMITH_VERSION: string
}
