import { describeRegistryContract } from '../contract/registry.ts'
import { startRegistry } from './support/registry.ts'

describeRegistryContract('A real registry that asks for nobody', () => startRegistry('none'))
describeRegistryContract('A real registry that asks for a password', () => startRegistry('basic'))
describeRegistryContract('A real registry that asks for a token', () => startRegistry('token'))
