import AssetCore
import AssetRendering
import Testing

@Suite struct ClockTests {
  @Test(
    arguments: [
      (0, "2026-11-21 09:14:03 UTC"), (3600, "2026-11-21 10:14:03 +01:00"),
      (-34200, "2026-11-20 23:44:03 -09:30"), (20700, "2026-11-21 14:59:03 +05:45"),
    ])
  func `a moment has its zone`(seconds: Int, text: String) {
    #expect(Clock.zone { _ in seconds }.text(morning) == text)
  }

  @Test func `a zone may be ahead of UTC by more in summer`() {
    let clock = Clock.zone { time in time < morning ? 7200 : 3600 }
    let summer = Timestamp(milliseconds: morning.milliseconds - 1000)

    #expect(clock.text(summer) == "2026-11-21 11:14:02 +02:00")
    #expect(clock.text(morning) == "2026-11-21 10:14:03 +01:00")
  }

  @Test func `UTC is called that`() {
    #expect(Clock.utc.text(morning) == "2026-11-21 09:14:03 UTC")
  }
}
