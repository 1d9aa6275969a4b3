// Decides requests by AWS's rules: a JSON list of them comes in, a JSON list of decisions goes out.
import { readFileSync } from 'node:fs'
import { runSimulation } from '@cloud-copilot/iam-simulate'

async function decide({ account, principal, policies, action, resource, context }) {
  const answer = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: account },
        contextVariables: context,
      },
      identityPolicies: policies.map((policy, number) => ({ name: `policy ${number}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  )
  return answer.resultType === 'error' ? answer.errors.message : answer.overallResult
}

const requests = JSON.parse(readFileSync(0, 'utf8'))
console.log(JSON.stringify(await Promise.all(requests.map(decide))))
