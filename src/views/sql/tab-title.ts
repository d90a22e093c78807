/** What a query is called in its tab: by its first comment, else by the first table that it reads. */
export function tabTitle(text: string): string {
  if (text.trim() === '') return 'New query'
  const comment = /^\s*--\s*(\S.*?)\s*$/m.exec(text)
  if (comment?.[1] !== undefined && text.trimStart().startsWith('--')) return comment[1]
  const table = /\bfrom\s+((?:[\p{L}\p{N}_]+|`[^`]+`|"[^"]+")(?:\.(?:[\p{L}\p{N}_]+|`[^`]+`|"[^"]+"))*)/iu.exec(
    text,
  )?.[1]
  return table?.replaceAll(/[`"]/g, '').split('.').at(-1) ?? 'Query'
}
