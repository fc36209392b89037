export { Button } from './button.tsx'
export { Mark } from './mark.tsx'
export { Row, Section } from './row.tsx'
