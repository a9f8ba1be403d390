import { describeRegistryContract } from '../contract/registry.ts'
import { standInHarness } from '../support/registry-harness.ts'

describeRegistryContract('A stand-in that asks for nobody', () => standInHarness('none'))
describeRegistryContract('A stand-in that asks for a password', () => standInHarness('basic'))
describeRegistryContract('A stand-in that asks for a token', () => standInHarness('token'))
