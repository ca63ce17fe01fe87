using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Utils;

/// <summary>
/// A dictionary that enumerates its items in the order in which they were added; an item can also be reached by its position.
/// Assigning to an existing key keeps the key's place.
/// </summary>
public class OrderedDict<TKey, TValue> : IDictionary<TKey, TValue>, IList<(TKey, TValue)> where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> _dict = [];
    private readonly List<TKey> _order = [];

    public int Count => _order.Count;

    public bool IsReadOnly => false;

    public ICollection<TKey> Keys => _order.AsReadOnly();

    public ICollection<TValue> Values => [.. values()];

    /// <summary>The value of a key; throws <see cref="KeyNotFoundException"/> where there is none.</summary>
    public TValue this[TKey key]
    {
        get => _dict[key];
        set
        {
            if (!_dict.ContainsKey(key)) _order.Add(key);
            _dict[key] = value;
        }
    }

    /// <summary>The item at a position; assigning replaces the item there, key included.</summary>
    public (TKey, TValue) this[int index]
    {
        get => (_order[index], _dict[_order[index]]);
        set
        {
            var old = _order[index];
            if (!_dict.Comparer.Equals(old, value.Item1) && _dict.ContainsKey(value.Item1)) throw Duplicate(value.Item1);
            _dict.Remove(old);
            _order[index] = value.Item1;
            _dict.Add(value.Item1, value.Item2);
        }
    }

    /// <summary>Adds an item at the end; throws <see cref="ArgumentException"/> where the key is there already.</summary>
    public void Add(TKey key, TValue value)
    {
        if (!_dict.TryAdd(key, value)) throw Duplicate(key);
        _order.Add(key);
    }

    public void Add((TKey, TValue) item) => Add(item.Item1, item.Item2);

    public void Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    public void Insert(int index, (TKey, TValue) item)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, (uint)Count, nameof(index));
        if (!_dict.TryAdd(item.Item1, item.Item2)) throw Duplicate(item.Item1);
        _order.Insert(index, item.Item1);
    }

    public bool Remove(TKey key) => _dict.Remove(key) && _order.Remove(key);

    public bool Remove((TKey, TValue) item) => Contains(item) && Remove(item.Item1);

    public bool Remove(KeyValuePair<TKey, TValue> item) => Contains(item) && Remove(item.Key);

    public void RemoveAt(int index)
    {
        _dict.Remove(_order[index]);
        _order.RemoveAt(index);
    }

    public void Clear()
    {
        _dict.Clear();
        _order.Clear();
    }

    public void clear() => Clear();

    public bool ContainsKey(TKey key) => _dict.ContainsKey(key);

    public bool Contains((TKey, TValue) item) =>
        _dict.TryGetValue(item.Item1, out var value) && EqualityComparer<TValue>.Default.Equals(value, item.Item2);

    public bool Contains(KeyValuePair<TKey, TValue> item) => Contains((item.Key, item.Value));

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _dict.TryGetValue(key, out value);

    public int IndexOf((TKey, TValue) item) => Contains(item) ? _order.IndexOf(item.Item1) : -1;

    public void CopyTo((TKey, TValue)[] array, int arrayIndex)
    {
        foreach (var item in this) array[arrayIndex++] = item;
    }

    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
    {
        foreach (var (key, value) in this) array[arrayIndex++] = new(key, value);
    }

    public IEnumerable<TKey> keys() => _order;

    public IEnumerable<TValue> values() => _order.Select(key => _dict[key]);

    public IEnumerator<(TKey, TValue)> items() => GetEnumerator();

    public IEnumerator<(TKey, TValue)> GetEnumerator() => _order.Select(key => (key, _dict[key])).GetEnumerator();

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() =>
        _order.Select(key => KeyValuePair.Create(key, _dict[key])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static ArgumentException Duplicate(TKey key) => new($"The key {key} is in the dictionary already.");
}
