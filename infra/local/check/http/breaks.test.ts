import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contractBreaks } from './operations.ts'

// Each pair is a released contract and a change to it: what breaks a client is named, what does not passes.
const released = () => ({
  components: {
    parameters: {
      Key: { name: 'Key', in: 'header', required: false, schema: { type: 'string', maxLength: 9 } },
    },
    schemas: {
      Kind: { type: 'string', enum: ['done', 'later'] },
      Node: { type: 'object', properties: { next: { $ref: '#/components/schemas/Node' } } },
    },
  },
  paths: {
    '/tips/{id}': {
      post: {
        operationId: 'tip',
        summary: 'One.',
        security: [{ person: [] }],
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
          { name: 'n', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 9, default: 5 } },
          { $ref: '#/components/parameters/Key' },
        ],
        requestBody: {
          required: false,
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['kind'],
                properties: {
                  kind: { $ref: '#/components/schemas/Kind' },
                  note: { type: ['string', 'null'], minLength: 1, pattern: '^a' },
                  tags: { type: 'array', maxItems: 3, items: { type: 'string' } },
                },
              },
            },
          },
        },
        responses: {
          '200': {
            description: 'Yes.',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['id', 'kind'],
                  properties: {
                    id: { type: 'string', format: 'uuid' },
                    kind: { $ref: '#/components/schemas/Kind' },
                    amount: { type: 'number' },
                    tip: {
                      oneOf: [{ type: 'object', properties: { text: { type: 'string' } } }, { type: 'null' }],
                    },
                    list: { type: 'array', items: { $ref: '#/components/schemas/Node' } },
                  },
                },
              },
            },
          },
          default: { description: 'No.' },
        },
      },
    },
  },
})

// biome-ignore lint/suspicious/noExplicitAny: a test writes into a document whose shape it has just seen above.
type Contract = any
const operation = (contract: Contract) => contract.paths['/tips/{id}'].post
const body = (contract: Contract) => operation(contract).requestBody.content['application/json'].schema
const answer = (contract: Contract) => operation(contract).responses['200'].content['application/json'].schema
const breaks = (change: (contract: Contract) => void): string[] => {
  const present = released()
  change(present)
  return contractBreaks({ released: released(), present })
}

const bad: [what: string, said: RegExp, change: (contract: Contract) => void][] = [
  ['a path goes', /POST \/tips\/\{id\} is gone/, c => delete c.paths['/tips/{id}']],
  [
    'a method changes',
    /POST .* is gone/,
    c => {
      c.paths['/tips/{id}'] = { put: operation(c) }
    },
  ],
  [
    'the right grows',
    /asked for person, and asks for admin now/,
    c => {
      operation(c).security = [{ admin: [] }]
    },
  ],
  ['sign-in is asked for twice', /asks for person or admin/, c => operation(c).security.push({ admin: [] })],
  ['a query parameter goes', /query parameter n is gone/, c => operation(c).parameters.splice(1, 1)],
  ['a shared parameter goes', /header parameter key is gone/, c => operation(c).parameters.pop()],
  [
    'a parameter is required',
    /query parameter n is required now/,
    c => {
      operation(c).parameters[1].required = true
    },
  ],
  [
    'a new parameter is required',
    /query parameter m is new and required/,
    c => operation(c).parameters.push({ name: 'm', in: 'query', required: true, schema: {} }),
  ],
  [
    'the path takes less',
    /path parameter 1 has another pattern/,
    c => {
      operation(c).parameters[0].schema.pattern = '^7'
    },
  ],
  [
    'a least value rises',
    /tighter minimum: 2/,
    c => {
      operation(c).parameters[1].schema.minimum = 2
    },
  ],
  [
    'a most value falls',
    /tighter maximum: 8/,
    c => {
      operation(c).parameters[1].schema.maximum = 8
    },
  ],
  [
    'a default moves',
    /has another default/,
    c => {
      operation(c).parameters[1].schema.default = 6
    },
  ],
  [
    'a shared limit shrinks',
    /key has a tighter maxLength: 8/,
    c => {
      c.components.parameters.Key.schema.maxLength = 8
    },
  ],
  [
    'the body is required',
    /a body is required now/,
    c => {
      operation(c).requestBody.required = true
    },
  ],
  [
    'the body has another type',
    /body as application\/json is gone/,
    c => {
      operation(c).requestBody.content = { 'application/xml': {} }
    },
  ],
  ['a field is required', /body\.note is required now/, c => body(c).required.push('note')],
  [
    'a new field is required',
    /body\.new is required now/,
    c => {
      body(c).properties.new = { type: 'string' }
      body(c).required.push('new')
    },
  ],
  ['a field of a request goes', /body\.note is gone/, c => delete body(c).properties.note],
  [
    'other fields are refused',
    /no longer takes other fields/,
    c => {
      body(c).additionalProperties = false
    },
  ],
  [
    'a value of a request goes',
    /body\.kind no longer takes "later"/,
    c => {
      body(c).properties.kind = { type: 'string', enum: ['done'] }
    },
  ],
  [
    'only some values are taken',
    /body\.note takes only some values/,
    c => {
      body(c).properties.note.enum = ['a']
    },
  ],
  [
    'null is not taken',
    /body\.note is no longer taken as null/,
    c => {
      body(c).properties.note.type = 'string'
    },
  ],
  [
    'a list gets shorter',
    /body\.tags has a tighter maxItems/,
    c => {
      body(c).properties.tags.maxItems = 2
    },
  ],
  [
    'items take less',
    /body\.tags\[\] is no longer taken as string/,
    c => {
      body(c).properties.tags.items.type = 'integer'
    },
  ],
  [
    'a format is asked for',
    /body\.note has another format/,
    c => {
      body(c).properties.note.format = 'email'
    },
  ],
  [
    'an answer goes',
    /answer 200 is gone/,
    c => {
      delete operation(c).responses['200']
    },
  ],
  [
    'the answer for all else goes',
    /answer default is gone/,
    c => {
      delete operation(c).responses.default
    },
  ],
  [
    'a success nobody expects',
    /may answer 202/,
    c => {
      operation(c).responses['202'] = {}
    },
  ],
  [
    'an answer has another type',
    /answer 200 as application\/json is gone/,
    c => {
      operation(c).responses['200'].content = {}
    },
  ],
  ['a field of an answer goes', /answer 200\.amount is gone/, c => delete answer(c).properties.amount],
  [
    'a field may be missing',
    /answer 200\.id may be missing/,
    c => {
      answer(c).required = ['kind']
    },
  ],
  [
    'a field may be null',
    /answer 200\.amount may now be null/,
    c => {
      answer(c).properties.amount.type = ['number', 'null']
    },
  ],
  [
    'an answer has a new value',
    /answer 200\.kind may now be "new"/,
    c => c.components.schemas.Kind.enum.push('new'),
  ],
  [
    'an answer may be any value',
    /answer 200\.kind may be any value/,
    c => {
      answer(c).properties.kind = { type: 'string' }
    },
  ],
  [
    'a format is dropped',
    /answer 200\.id is no longer in the format uuid/,
    c => delete answer(c).properties.id.format,
  ],
  [
    'an answer has a new alternative',
    /answer 200\.tip may be an alternative/,
    c => answer(c).properties.tip.oneOf.push({ type: 'string' }),
  ],
  [
    'an alternative loses a field',
    /answer 200\.tip may be an alternative/,
    c => {
      answer(c).properties.tip.oneOf[0].properties = {}
    },
  ],
  [
    'deep in a list',
    /answer 200\.list\[\]\.next may now be/,
    c => {
      c.components.schemas.Node.properties.next = { type: 'string' }
    },
  ],
  [
    'words it cannot judge',
    /uses allOf, which this check cannot judge/,
    c => {
      body(c).allOf = []
    },
  ],
]

const good: [what: string, change: (contract: Contract) => void][] = [
  ['nothing', () => {}],
  [
    'words for people',
    c => {
      operation(c).summary = 'Two.'
    },
  ],
  [
    'a new path',
    c => {
      c.paths['/new'] = { get: { security: [{ admin: [] }], responses: {} } }
    },
  ],
  [
    'a new method',
    c => {
      c.paths['/tips/{id}'].get = { security: [], responses: {} }
    },
  ],
  [
    'the path calls its parameter otherwise',
    c => {
      c.paths = { '/tips/{tip}': { post: operation(c) } }
      c.paths['/tips/{tip}'].post.parameters[0].name = 'tip'
    },
  ],
  [
    'a right falls',
    c => {
      operation(c).security = []
    },
  ],
  [
    'any session may',
    c => {
      operation(c).security = [{ session: [] }]
    },
  ],
  ['a new parameter', c => operation(c).parameters.push({ name: 'm', in: 'query', schema: {} })],
  [
    'more is taken',
    c => {
      operation(c).parameters[1].schema = { type: 'number', minimum: 0, maximum: 10, default: 5 }
      body(c).properties.note = { type: ['string', 'null', 'integer'] }
      body(c).properties.new = { type: 'string' }
      body(c).required = []
      body(c).properties.kind = { type: 'string', enum: ['done', 'later', 'new'] }
    },
  ],
  [
    'less is answered',
    c => {
      answer(c).properties.kind = { type: 'string', enum: ['done'] }
      answer(c).properties.amount = { type: 'integer', maximum: 3 }
      answer(c).properties.tip.oneOf.pop()
    },
  ],
  [
    'more is answered',
    c => {
      answer(c).properties.new = { type: 'string' }
      answer(c).required.push('new', 'amount')
      operation(c).responses['404'] = { description: 'None.' }
    },
  ],
  [
    'a reference in place of the same',
    c => {
      answer(c).properties.kind = { type: 'string', enum: ['done', 'later'] }
    },
  ],
]

test('what breaks a client is named', () => {
  for (const [what, said, change] of bad) {
    const found = breaks(change)
    assert.ok(
      found.some(line => said.test(line)),
      `${what}: ${JSON.stringify(found)}`,
    )
  }
})

test('what breaks nobody passes', () => {
  for (const [what, change] of good) assert.deepEqual(breaks(change), [], what)
})

test('a reference that leads nowhere is not taken for an empty schema', () => {
  assert.throws(
    () =>
      breaks(c => {
        body(c).properties.kind = { $ref: '#/components/schemas/None' }
      }),
    /leads nowhere/,
  )
})
