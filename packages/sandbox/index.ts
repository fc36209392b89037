export { demoClient } from './oidc/provider.ts'
export { demoGoogleApp, demoTodoistApp, type Sandbox, type SandboxSettings, startSandbox } from './start.ts'
export { demoAdmin, demoPerson, subOf } from './world.ts'
