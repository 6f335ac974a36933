//! Strongly connected components: services that need each other in a ring fail together.

/// The components of a graph given as a list of neighbours a node. A component comes after all it leads to.
///
/// Tarjan's algorithm, with a stack of its own: a chain of a hundred thousand services must not end the program.
pub(super) fn components(next: &dyn Fn(usize) -> Vec<usize>, count: usize) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let (mut seen, mut low, mut on_stack) = (vec![UNSEEN; count], vec![0; count], vec![false; count]);
    let (mut stack, mut found, mut clock) = (Vec::new(), Vec::new(), 0);
    for root in 0..count {
        if seen[root] != UNSEEN {
            continue;
        }
        let mut path: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut enter = Some(root);
        loop {
            if let Some(node) = enter.take() {
                (seen[node], low[node]) = (clock, clock);
                clock += 1;
                stack.push(node);
                on_stack[node] = true;
                path.push((node, next(node)));
            }
            let Some((node, ahead)) = path.last_mut() else { break };
            let node = *node;
            match ahead.pop() {
                Some(to) if seen[to] == UNSEEN => enter = Some(to),
                Some(to) if on_stack[to] => low[node] = low[node].min(seen[to]),
                Some(_) => {}
                None => {
                    path.pop();
                    if let Some((above, _)) = path.last() {
                        low[*above] = low[*above].min(low[node]);
                    }
                    if low[node] == seen[node] {
                        let mut members = Vec::new();
                        while let Some(member) = stack.pop() {
                            on_stack[member] = false;
                            members.push(member);
                            if member == node {
                                break;
                            }
                        }
                        found.push(members);
                    }
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_are_one_and_come_after_what_they_lead_to() {
        let edges = [vec![1], vec![2], vec![0, 3], vec![], vec![4, 0]];
        let mut found = components(&|n| edges[n].clone(), 5);
        found.iter_mut().for_each(|c| c.sort_unstable());
        assert_eq!(found, [vec![3], vec![0, 1, 2], vec![4]]);
    }

    #[test]
    fn a_long_chain_is_no_trouble() {
        let chain = |n: usize| if n + 1 < 100_000 { vec![n + 1] } else { vec![] };
        assert_eq!(components(&chain, 100_000).len(), 100_000);
    }
}
