/** What the store needs from the browser, as small ports so that it runs anywhere. */
export interface Environment {
  /** Text that survives a reload; reading gives null when there is none or the browser refuses. */
  memory: {
    get(key: string): string | null
    set(key: string, value: string | null): void
    /** Forgets all of it, also what an earlier version of the page remembered. */
    clear(): void
  }
  /** The part of the address after `#`, and whoever changes it. */
  address: {
    get(): string
    set(hash: string, mode: 'push' | 'replace'): void
    subscribe(listener: () => void): () => void
  }
  /** Milliseconds since the epoch. */
  now(): number
  fetch(url: string, signal: AbortSignal): Promise<Response>
  /** Hexadecimal, as sha256sum prints it. */
  sha256(blob: Blob): Promise<string>
}

/** The page's own keys, and those of the library that remembers the theme: an origin may serve other pages, too. */
const ownKeys = /^(goldsmith\.|mantine-)/

export function browserEnvironment(): Environment {
  return {
    memory: {
      get(key) {
        try {
          return localStorage.getItem(key)
        } catch {
          return null
        }
      },
      set(key, value) {
        try {
          if (value === null) localStorage.removeItem(key)
          else localStorage.setItem(key, value)
        } catch {
          // Storage may be full or forbidden: then the choice lasts as long as the page.
        }
      },
      clear() {
        try {
          for (const key of Object.keys(localStorage)) if (ownKeys.test(key)) localStorage.removeItem(key)
        } catch {
          // Forbidden storage holds nothing.
        }
      },
    },
    address: {
      get: () => location.hash.replace(/^#/, ''),
      set(hash, mode) {
        if (mode === 'push') {
          location.hash = hash
        } else {
          history.replaceState(history.state, '', `#${hash}`)
          window.dispatchEvent(new HashChangeEvent('hashchange'))
        }
      },
      subscribe(listener) {
        window.addEventListener('hashchange', listener)
        return () => window.removeEventListener('hashchange', listener)
      },
    },
    now: () => Date.now(),
    fetch: (url, signal) => fetch(url, { signal }),
    async sha256(blob) {
      const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())
      return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
    },
  }
}
