/** An ingot, in both themes the same. */
export function Logo() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path d="M5.4 5h9.2l3.4 11H2z" fill="#c08a14" />
      <path d="M5.4 5h9.2l1.1 3.6H4.3z" fill="#f0cd6d" />
      <path d="M4.3 8.6h11.4L18 16H2z" fill="#d9a52c" />
    </svg>
  )
}
