import type { ErrorData } from '@/domain/automation'
import { toErrorData } from '@/domain/errors'

/** How Chromium, Firefox and Safari say that a module of the page is not there. */
const missingModule =
  /Failed to fetch dynamically imported module|error loading dynamically imported module|Importing a module script failed|Unable to preload CSS/i

/** Why a view could not be shown. Its files bear their content's hash: a page that was replaced on the server misses its own. */
export function viewError(thrown: unknown): ErrorData {
  const error = toErrorData(thrown)
  if (missingModule.test(error.message)) {
    return {
      code: 'page.updated',
      message: 'Goldsmith was updated, or its server cannot be reached: a part of this page is no longer there.',
      remedy: 'Reload the page. Stored Gold is kept; Silver files must be dropped again.',
    }
  }
  return { ...error, remedy: error.remedy ?? 'Reload the page. Loaded files must be loaded again.' }
}
