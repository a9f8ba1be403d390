import { describe, expect, it } from 'vitest'
import { forbiddenAddress } from '../../src/network/forbidden-address.ts'

const refused: Readonly<Record<string, string>> = {
  '127.0.0.1': 'loopback',
  '127.255.255.254': 'loopback',
  '::1': 'loopback',
  '0:0:0:0:0:0:0:1': 'loopback',
  '::ffff:127.0.0.1': 'loopback',
  '::ffff:7f00:1': 'loopback',
  '0:0:0:0:0:ffff:7f00:1': 'loopback',
  '64:ff9b::127.0.0.1': 'loopback',
  '64:ff9b::7f00:1': 'loopback',
  '2002:7f00:1::': 'loopback',
  '::127.0.0.1': 'reserved',
  '::7f00:1': 'reserved',
  '0.0.0.0': 'unspecified',
  '0.1.2.3': 'unspecified',
  '::': 'unspecified',
  '::ffff:0.0.0.0': 'unspecified',
  '169.254.169.254': 'credentials',
  '169.254.170.2': 'credentials',
  '::ffff:169.254.169.254': 'credentials',
  '::ffff:a9fe:a9fe': 'credentials',
  '64:ff9b::a9fe:a9fe': 'credentials',
  '2002:a9fe:a9fe::1': 'credentials',
  '100.100.100.200': 'credentials',
  '168.63.129.16': 'credentials',
  'fd00:ec2::254': 'credentials',
  'FD00:0EC2:0::0254': 'credentials',
  'fd20:ce::254': 'credentials',
  '169.254.0.1': 'link-local',
  'fe80::1': 'link-local',
  'febf::1': 'link-local',
  '224.0.0.1': 'multicast',
  'ff02::1': 'multicast',
  '255.255.255.255': 'reserved',
  '240.0.0.1': 'reserved',
  '192.0.0.8': 'reserved',
  '2001:0:1::1': 'reserved',
  '64:ff9b:1::a00:1': 'reserved',
  'fe80::1%eth0': 'no plain address',
  '::1%lo': 'no plain address',
  localhost: 'no plain address',
  '2130706433': 'no plain address',
  '0x7f.1': 'no plain address',
  '': 'no plain address',
}

describe('where Mayfly never connects to', () => {
  it.each(Object.entries(refused))('%s: %s', (address, why) => {
    expect(forbiddenAddress(address)).toContain(why)
  })

  it.each([
    '10.0.0.1',
    '172.16.3.4',
    '192.168.1.1',
    '100.64.0.1',
    '93.184.216.34',
    '8.8.8.8',
    'fd12:3456::1',
    '2606:4700::1111',
    '2001:db8::1',
    '::ffff:10.0.0.1',
    '64:ff9b::10.0.0.1',
    '2002:a00:1::1',
  ])('%s is where a preview or a registry can be', (address) => {
    expect(forbiddenAddress(address)).toBeNull()
  })
})
