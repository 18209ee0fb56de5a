/// The branches below a root, drawn with lines.
///
/// A node that was already shown with its branch is marked with `(above)`. The stack is one of its
/// own, so that depth costs none of the thread's.
///
/// - Parameters:
///   - root: The node above the branches, which is not drawn.
///   - children: What stands below a node, in order.
///   - label: The text of a node below another one.
/// - Returns: A line for each node.
func branches<Node: Hashable>(
  of root: Node, children: (Node) -> [Node], label: (_ node: Node, _ parent: Node) -> String
) -> String {
  var shown: Set<Node> = []
  return branches(of: root, children: children, label: label, shown: &shown)
}

/// The same beside other trees.
///
/// - Parameters:
///   - root: The node above the branches, which is not drawn.
///   - children: What stands below a node, in order.
///   - label: The text of a node below another one.
///   - shown: The nodes that are drawn with what is below them, in any of the trees.
/// - Returns: A line for each node.
func branches<Node: Hashable>(
  of root: Node, children: (Node) -> [Node], label: (_ node: Node, _ parent: Node) -> String,
  shown: inout Set<Node>
) -> String {
  func frames(of parent: Node, indentation: String) -> [Branch<Node>] {
    let nodes = children(parent)
    return nodes.enumerated().map { index, node in
      let isLast = index == nodes.count - 1
      return Branch(
        node: node, parent: parent, lead: indentation + (isLast ? "└─ " : "├─ "),
        below: indentation + (isLast ? "   " : "│  "))
    }.reversed()
  }
  var text = ""
  var stack = frames(of: root, indentation: "  ")
  while let frame = stack.popLast() {
    let isKnown = !shown.insert(frame.node).inserted
    let mark = isKnown && !children(frame.node).isEmpty ? "  (above)" : ""
    text += frame.lead + label(frame.node, frame.parent) + mark + "\n"
    if !isKnown { stack += frames(of: frame.node, indentation: frame.below) }
  }
  return text
}

/// A node that is to be drawn, with the lines before it and before what stands below it.
private struct Branch<Node> {
  var node: Node
  var parent: Node
  var lead: String
  var below: String
}
