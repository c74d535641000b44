import CICU

/// Text as UTF-16 on its way through ICU.
///
/// A thin layer: each call hands ICU a buffer and its true size, and nothing keeps a pointer. `nil` means that ICU
/// failed (its data is missing, or memory ran out).
enum Transform {
    /// The one checker of the process.
    ///
    /// ICU documents its single-identifier functions as safe for concurrent use of one checker, as long as nobody
    /// configures it; nobody does, and it is never closed.
    @safe private struct Checker: @unchecked Sendable {
        let pointer: UnsafeMutableRawPointer?

        static let shared = unsafe Checker(pointer: cicu_open_checker())
    }

    /// Normalization Form C.
    static func nfc(_ text: [UInt16]) -> [UInt16]? {
        unsafe run(text) { unsafe cicu_nfc($0, $1, $2, $3) }
    }

    /// NFKC_Casefold (Unicode Standard, section 5.18).
    static func nfkcCasefold(_ text: [UInt16]) -> [UInt16]? {
        unsafe run(text) { unsafe cicu_nfkc_casefold($0, $1, $2, $3) }
    }

    /// Upper case by the rules of no particular language.
    static func upper(_ text: [UInt16]) -> [UInt16]? {
        unsafe run(text) { unsafe cicu_upper($0, $1, $2, $3) }
    }

    /// Skeleton of look-alikes (Unicode Technical Standard #39, section 4).
    static func skeleton(_ text: [UInt16]) -> [UInt16]? {
        guard let checker = unsafe Checker.shared.pointer else { return nil }
        return unsafe run(text) { unsafe cicu_skeleton(checker, $0, $1, $2, $3) }
    }

    /// UTF-8 to UTF-16; `nil` also when the bytes are no well-formed UTF-8.
    static func utf16(_ utf8: Span<UInt8>) -> [UInt16]? {
        // UTF-16 never has more units than UTF-8 has bytes.
        var target = [UInt16](repeating: 0, count: utf8.count)
        let length = unsafe utf8.withUnsafeBufferPointer { source in
            unsafe target.withUnsafeMutableBufferPointer { target in
                unsafe cicu_from_utf8(source.baseAddress, Int32(source.count), target.baseAddress, Int32(target.count))
            }
        }
        return cut(&target, to: length)
    }

    /// UTF-16 to UTF-8.
    static func utf8(_ text: [UInt16]) -> [UInt8]? {
        // A unit becomes at most 3 bytes.
        var target = [UInt8](repeating: 0, count: text.count * 3)
        let length = unsafe text.withUnsafeBufferPointer { source in
            unsafe target.withUnsafeMutableBufferPointer { target in
                unsafe cicu_to_utf8(source.baseAddress, Int32(source.count), target.baseAddress, Int32(target.count))
            }
        }
        return cut(&target, to: length)
    }

    /// UTF-16 to scalar values.
    static func scalars(_ text: [UInt16]) -> [Int32]? {
        var target = [Int32](repeating: 0, count: text.count)
        let length = unsafe text.withUnsafeBufferPointer { source in
            unsafe target.withUnsafeMutableBufferPointer { target in
                unsafe cicu_to_utf32(source.baseAddress, Int32(source.count), target.baseAddress, Int32(target.count))
            }
        }
        return cut(&target, to: length)
    }

    /// Overwrites what is in an array, in place: callers hold the only reference to it.
    static func wipe<Element: BitwiseCopyable>(_ array: inout [Element]) {
        unsafe array.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            unsafe cicu_wipe(start, bytes.count)
        }
    }

    private typealias Operation = (UnsafePointer<UInt16>?, Int32, UnsafeMutablePointer<UInt16>?, Int32) -> Int32

    /// Runs an operation, a second time with more room when the result did not fit.
    private static func run(_ text: [UInt16], _ operation: Operation) -> [UInt16]? {
        var capacity = text.count * 2 + 16
        for _ in 0..<2 {
            var target = [UInt16](repeating: 0, count: capacity)
            let length = unsafe text.withUnsafeBufferPointer { source in
                unsafe target.withUnsafeMutableBufferPointer { target in
                    unsafe operation(source.baseAddress, Int32(source.count), target.baseAddress, Int32(target.count))
                }
            }
            guard length > Int32(capacity) else { return cut(&target, to: length) }
            wipe(&target)
            capacity = Int(length)
        }
        return nil
    }

    private static func cut<Element: BitwiseCopyable>(_ array: inout [Element], to length: Int32) -> [Element]? {
        guard length >= 0, length <= array.count else {
            wipe(&array)
            return nil
        }
        array.removeLast(array.count - Int(length))
        return array
    }
}
