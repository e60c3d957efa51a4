public import Core

/// A small generator whose seed a test prints: the same throws on every machine.
public typealias Dice = SeededGenerator
