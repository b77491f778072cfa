import { Component, type ReactNode } from 'react'

type Props = {
  /** The value that is drawn. When it changes, drawing is tried again. */
  of: unknown
  /** Shown when drawing fails: the words as written. */
  instead: ReactNode
  children: ReactNode
}

/** A boundary for errors in drawing: one person's text must not take the page from everybody. */
export class Guard extends Component<Props, { of: unknown; hasFailed: boolean }> {
  override state = { of: this.props.of, hasFailed: false }

  static getDerivedStateFromProps({ of }: Props, state: { of: unknown }) {
    return Object.is(of, state.of) ? null : { of, hasFailed: false }
  }

  static getDerivedStateFromError() {
    return { hasFailed: true }
  }

  override render() {
    return this.state.hasFailed ? this.props.instead : this.props.children
  }
}

/** Words as they were written. */
export const AsWritten = ({ text }: { text: string }) => (
  <p className="whitespace-pre-line [overflow-wrap:anywhere]">{text}</p>
)
