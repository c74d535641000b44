/// An optional value that takes one word where there is none, and is changed in place where there is one.
///
/// A connection without streams must stay small, and copies of it cheap.
struct Boxed<Value: Sendable>: Sendable {
    /// One element at most.
    private var storage: [Value?] = []

    var value: Value? {
        _read {
            if storage.isEmpty {
                yield nil
            } else {
                yield storage[0]
            }
        }
        _modify {
            if storage.isEmpty {
                var value: Value?
                defer { if value != nil { storage = [value] } }
                yield &value
            } else {
                yield &storage[0]
            }
        }
    }

    var isEmpty: Bool { storage.isEmpty }

    mutating func clear() { storage = [] }
}
