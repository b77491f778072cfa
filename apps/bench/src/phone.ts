/** The picture of a phone that is held upright, in CSS pixels. */
export const PHONE = { width: 390, height: 844 }
