public import Core

/// A random number generator whose seed a test prints, with the same sequence on every machine.
public typealias Dice = SeededGenerator
