import type { ReactNode } from 'react'

export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="mb-6">
      <h2 className="text-soft mb-2 font-sans text-xs font-semibold tracking-widest uppercase">{title}</h2>
      {children}
    </section>
  )
}

export const Nothing = ({ children }: { children: ReactNode }) => <p className="text-soft text-sm italic">{children}</p>
