import { demoGoogleApp, demoTodoistApp, type SandboxSettings } from './start.ts'

type Env = Record<string, string | undefined>

function portOf(env: Env, name: string, otherwise: number): number {
  const text = env[name]
  if (text === undefined || text === '') return otherwise
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new Error(`${name} is "${text}". Set it to a port number between 1 and 65535.`)
}

function originsOf(env: Env): string[] {
  const ports = [
    portOf(env, 'OO_WEB_PORT', 3000),
    portOf(env, 'OO_ADMIN_PORT', 3001),
    portOf(env, 'OO_API_PORT', 8080),
  ]
  const named = ['OO_PUBLIC_URL', 'OO_ADMIN_URL'].flatMap(name => {
    const text = env[name]
    if (!text) return []
    const url = URL.parse(text)
    if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
      throw new Error(`${name} is "${text}". Set it to an address like http://localhost:3000.`)
    }
    return [url.origin]
  })
  return [...named, ...ports.flatMap(port => [`http://localhost:${port}`, `http://127.0.0.1:${port}`])]
}

/** Everything the sandbox takes from its environment; nothing else in it reads one. */
export function readEnv(env: Env): SandboxSettings {
  if (env.NODE_ENV === 'production' && env.OO_DEMO !== '1') {
    throw new Error(
      'The sandbox lets anybody in, so it does not start in production. Set OO_DEMO=1 if this is a demo.',
    )
  }
  if (env.OO_BIND && !['127.0.0.1', 'localhost', '::1'].includes(env.OO_BIND)) {
    throw new Error(
      `The sandbox stays on this machine, but OO_BIND is ${env.OO_BIND}. Unset it, or configure real providers.`,
    )
  }
  return {
    port: portOf(env, 'OO_SANDBOX_PORT', 8090),
    auto: env.OO_SANDBOX_AUTO === '1',
    origins: originsOf(env),
    todoistApp: {
      clientId: env.TODOIST_CLIENT_ID || demoTodoistApp.clientId,
      clientSecret: env.TODOIST_CLIENT_SECRET || demoTodoistApp.clientSecret,
    },
    googleApp: {
      clientId: env.GOOGLE_CALENDAR_CLIENT_ID || demoGoogleApp.clientId,
      clientSecret: env.GOOGLE_CALENDAR_CLIENT_SECRET || demoGoogleApp.clientSecret,
    },
    webhookTarget: `http://127.0.0.1:${portOf(env, 'OO_API_PORT', 8080)}/api/webhooks/todoist`,
  }
}
