import { expect, test } from 'vitest'
import { viewError } from './view-error'

test('a view whose file is gone means that the page was updated, in the words of each browser', () => {
  for (const message of [
    'Failed to fetch dynamically imported module: https://example.org/assets/catalog-view-1a2b.js',
    'error loading dynamically imported module: https://example.org/assets/catalog-view-1a2b.js',
    'Importing a module script failed.',
  ]) {
    expect(viewError(new TypeError(message))).toMatchObject({
      code: 'page.updated',
      remedy: expect.stringContaining('Reload'),
    })
  }
})

test('any other failure of a view keeps its own message', () => {
  expect(viewError(new Error('x is undefined'))).toMatchObject({
    message: 'x is undefined',
    remedy: expect.stringContaining('Reload'),
  })
})
