// The whole parser: CommonMark, and tables as GitHub has them. A chunk of its own, which few texts need.
import { fromMarkdown } from 'mdast-util-from-markdown'
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table'
import { gfmTable } from 'micromark-extension-gfm-table'
import type { MarkdownNode } from './plain-markdown.ts'

export const parseMarkdown = (text: string): { children: readonly MarkdownNode[] } =>
  fromMarkdown(text, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] })
