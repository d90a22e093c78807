/*
 * What domain may know of the web platform: the types that the page's API names, and no function. The tsconfig.json
 * beside this file has no DOM library, so any other use of the platform in domain does not compile. The rest of the
 * source sees the real DOM types instead of these.
 */

interface Blob {
  readonly size: number
}

interface File extends Blob {
  readonly name: string
}

interface AbortSignal {
  readonly aborted: boolean
}
