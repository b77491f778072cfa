import { newKey } from '../../api.ts'

/** Version 4. Browsers have `randomUUID` only over HTTPS and on the same machine. */
export const newUuid = (): string => newKey().replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5')
