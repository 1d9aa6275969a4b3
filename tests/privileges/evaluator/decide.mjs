// Decides requests by AWS's rules: policies and requests, which name their policies by number, come in as JSON; a JSON
// list of decisions goes out.
import { readFileSync } from 'node:fs'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const { policies, requests } = JSON.parse(readFileSync(0, 'utf8'))
const named = (numbers) => numbers.map((number) => ({ name: `policy ${number}`, policy: policies[number] }))

async function decide({ account, principal, identity, boundary, resourcePolicy, action, resource, context }) {
  const answer = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: account },
        contextVariables: context,
      },
      identityPolicies: named(identity),
      permissionBoundaryPolicies: boundary === null ? undefined : named([boundary]),
      resourcePolicy: resourcePolicy === null ? undefined : policies[resourcePolicy],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  )
  return answer.resultType === 'error' ? answer.errors.message : answer.overallResult
}

const decisions = []
for (const request of requests) decisions.push(await decide(request))
console.log(JSON.stringify(decisions))
