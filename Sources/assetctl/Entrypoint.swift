@main struct Entrypoint {
  static func main() { print("hi") }
}
