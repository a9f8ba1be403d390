import ts from 'typescript'

/** The structural schema of an exported interface in a `.d.ts` file. Numbers stay numbers: types tell no integers. */
export function schemaOfType(file: string, name: string): object {
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
  })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(file)
  const module = source && checker.getSymbolAtLocation(source)
  const symbol = module && checker.getExportsOfModule(module).find((found) => found.name === name)
  if (symbol === undefined) throw new Error(`${file} exports no ${name}`)
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  return schema(checker.getDeclaredTypeOfSymbol(target), checker)
}

function schema(type: ts.Type, checker: ts.TypeChecker): object {
  const present = checker.getNonNullableType(type)
  if (present.flags & ts.TypeFlags.String) return { type: 'string' }
  if (present.flags & ts.TypeFlags.Number) return { type: 'number' }
  if (present.flags & (ts.TypeFlags.Boolean | ts.TypeFlags.BooleanLiteral)) return { type: 'boolean' }
  if (present.isStringLiteral()) return { type: 'string', enum: [present.value] }
  if (present.isUnion()) return union(present, checker)
  if (checker.isArrayType(present)) {
    const [item] = checker.getTypeArguments(present as ts.TypeReference)
    return { type: 'array', ...(item && { items: schema(item, checker) }) }
  }
  return present.flags & ts.TypeFlags.Object ? mapping(present, checker) : { free: true }
}

function union(type: ts.UnionType, checker: ts.TypeChecker): object {
  const texts = type.types.filter((part) => part.isStringLiteral())
  if (texts.length === type.types.length) return { type: 'string', enum: texts.map((part) => part.value) }
  const kinds = new Set(type.types.map((part) => JSON.stringify(schema(part, checker))))
  if (kinds.size === 1) return JSON.parse([...kinds][0] ?? '{}') as object
  return { intOrString: true }
}

function mapping(type: ts.Type, checker: ts.TypeChecker): object {
  const properties = checker.getPropertiesOfType(type)
  const index = checker.getIndexInfoOfType(type, ts.IndexKind.String)
  if (properties.length === 0) {
    const inner = index && schema(index.type, checker)
    return inner === undefined || 'free' in inner
      ? { type: 'object', free: true }
      : { type: 'object', additionalProperties: inner }
  }
  const required = properties
    .filter((property) => !(property.flags & ts.SymbolFlags.Optional))
    .map(({ name }) => name)
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(
      properties.map((property) => [property.name, schema(checker.getTypeOfSymbol(property), checker)]),
    ),
  }
}
