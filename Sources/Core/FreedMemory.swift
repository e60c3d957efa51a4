internal import CProcessor

/// Lets the process keep freed memory for later allocations; a program calls it once at its start.
///
/// By default, the system takes back large blocks at once and supplies fresh pages at the next training step.
public func keepFreedMemory() { cprocessor_keep_freed_blocks() }
