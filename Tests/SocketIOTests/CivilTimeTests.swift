import Basics
import SocketIO
import Testing

@Suite("Calendar and clock")
struct CivilTimeTests {
    @Test(
        "moments are written as RFC 3339 has them",
        arguments: [
            (Int64(0), "1970-01-01T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"),
            (951_782_400_007, "2000-02-29T00:00:00.007Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (1_769_869_820_123, "2026-01-31T14:30:20.123Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (Int64.min, "0000-01-01T00:00:00.000Z"),
            (Int64.max, "9999-12-31T23:59:59.999Z"),
        ])
    func momentsAreWritten(milliseconds: Int64, text: String) {
        #expect(CivilTime.rfc3339(WallTime(milliseconds: milliseconds)) == text)
    }

    @Test("every day of 800 years follows the one before it")
    func daysFollowEachOther() {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var (year, month, day) = (1600, 1, 1)
        let start: Int64 = -11_676_096_000_000
        for index in 0..<Int64(292_194) {
            let civil = CivilTime(utc: WallTime(milliseconds: start + index * 86_400_000))
            guard (civil.year, civil.month, civil.day) == (year, month, day) else {
                Issue.record("day \(index): \(civil.date)")
                return
            }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            day += 1
            if day > lengths[month - 1] + (month == 2 && isLeap ? 1 : 0) { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
    }
}
