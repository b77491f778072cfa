import { Send } from 'lucide-react'
import { Button } from '../../ui/button.tsx'

/** Submits the form of a composer. */
export const SendButton = ({ disabled }: { disabled: boolean }) => (
  <Button look="primary" type="submit" disabled={disabled} aria-label="Send" className="!px-3">
    <Send size={19} aria-hidden="true" />
  </Button>
)
