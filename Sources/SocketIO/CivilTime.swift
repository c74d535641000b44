package import Basics
import Glibc

/// A moment as a calendar and a clock show it.
package struct CivilTime: Hashable, Sendable {
    /// 0...9999.
    package let year: Int
    /// 1...12.
    package let month: Int
    /// 1...31.
    package let day: Int
    /// 0...23.
    package let hour: Int
    package let minute: Int
    package let second: Int
    package let millisecond: Int

    /// The moments that four digits of a year can name, in milliseconds: the years 0000 to 9999. What lies outside, as
    /// only a faulty peer says it, is shown as the nearest of them.
    private static let range: ClosedRange<Int64> = -62_167_219_200_000...253_402_300_799_999

    private static let dayMilliseconds: Int64 = 86_400_000

    /// The moment in Coordinated Universal Time.
    package init(utc time: WallTime) {
        self.init(counting: min(max(time.milliseconds, Self.range.lowerBound), Self.range.upperBound))
    }

    /// The moment where this machine stands, by the system's time zone (`TZ`).
    package init(local time: WallTime) {
        let milliseconds = min(max(time.milliseconds, Self.range.lowerBound), Self.range.upperBound)
        let offset = Int64(Self.zoneOffset(at: milliseconds / 1000)) * 1000
        self.init(counting: min(max(milliseconds + offset, Self.range.lowerBound), Self.range.upperBound))
    }

    /// - Parameter milliseconds: within `range`.
    private init(counting milliseconds: Int64) {
        let inDay = (milliseconds % Self.dayMilliseconds + Self.dayMilliseconds) % Self.dayMilliseconds
        // Days since 0000-03-01, a year that ends with the leap day; 400 years have 146,097 days.
        let days = (milliseconds - inDay) / Self.dayMilliseconds + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // Five months from March on have 153 days, whichever five follow each other so.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
        month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
        year = Int(yearOfEra + era * 400) + (monthFromMarch < 10 ? 0 : 1)
        hour = Int(inDay / 3_600_000)
        minute = Int(inDay / 60_000 % 60)
        second = Int(inDay / 1000 % 60)
        millisecond = Int(inDay % 1000)
    }

    /// `2026-01-31`.
    package var date: String { "\(Self.digits(year, 4))-\(Self.digits(month, 2))-\(Self.digits(day, 2))" }

    /// `14:30:20`.
    package var clock: String { "\(Self.digits(hour, 2)):\(Self.digits(minute, 2)):\(Self.digits(second, 2))" }

    /// A moment as programs exchange it (RFC 3339): `2026-01-31T14:30:20.007Z`.
    package static func rfc3339(_ time: WallTime) -> String {
        let civil = CivilTime(utc: time)
        return "\(civil.date)T\(civil.clock).\(digits(civil.millisecond, 3))Z"
    }

    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    /// How many seconds local time is ahead of UTC then; 0 where the system does not know.
    private static func zoneOffset(at seconds: Int64) -> Int {
        // localtime_r need not look at TZ by itself.
        tzset()
        var moment = time_t(seconds)
        var fields = unsafe tm()
        guard unsafe localtime_r(&moment, &fields) != nil else { return 0 }
        return unsafe fields.tm_gmtoff
    }
}
