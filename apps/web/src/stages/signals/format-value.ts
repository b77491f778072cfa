export const formatValue = (value: number): string => value.toLocaleString([], { maximumFractionDigits: 2 })
