export * from './map-pictures.ts'
export * from './hostile-files.ts'
export * from './sample-pictures.ts'
export * from './webp-chunks.ts'
